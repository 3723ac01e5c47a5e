extension SettingsReader {
    /// A whole number of a range.
    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingsError) -> Int? {
        try value(setting, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            // Digits only: `Int` would also take a plus sign.
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
            return range.contains(number) ? number : nil
        }
    }

    /// Whole seconds, at least one and at most an hour: more is no time-out of a conversation.
    func seconds(_ setting: Setting) throws(SettingsError) -> Int? { try integer(setting, in: 1...3_600) }

    /// Yes or no, in YAML's spellings and the environment's.
    func bool(_ setting: Setting) throws(SettingsError) -> Bool? {
        try value(setting, "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }

    /// One of the words of an enumeration, in whatever case.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ setting: Setting, of: Choice.Type = Choice.self
    ) throws(SettingsError) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        return try value(setting, "one of \(words.joined(separator: ", "))") { Choice(rawValue: $0.lowercased()) }
    }
}
