/// What was typed, put so that the parser of arguments takes each word for what it is.
///
/// That parser looks into words with one hyphen for short options, wherever they stand, and one `h` among their letters is the
/// help, which ends well: `send bob@example.com '- the end'` sent nothing, and a script took it for sent.
package enum CommandWords {
    /// The options of `send`, each with a value behind it.
    private static let sendOptions: Set = ["-W", "--as", "--authorities"]
    /// The options of `listen` whose value comes from elsewhere, and may begin with a hyphen: cursors and accounts.
    private static let freeValues: Set = ["--after", "--from"]

    /// The words of a command, its name first, for the parser; throws `CommandFailure` where one of them is no option, looks
    /// like several, and would be taken for a call for help.
    ///
    /// No complaint has a whole word: it may be what somebody wanted to say, or a password behind a wrong option.
    package static func arranged(_ words: [String]) throws(CommandFailure) -> [String] {
        let words = words.first == "send" ? ["send"] + (try sending(words.dropFirst())) : words
        if let word = cluster(in: words) { throw noOption(word) }
        return words
    }

    /// Whether the value of `--after`, which begins with a hyphen, is a cursor as earlier versions gave them out, and no option
    /// in its place.
    package static func isCursor(_ value: String) -> Bool {
        let parts = value.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].count == 8 && !parts[0].contains(UInt8(ascii: "="))
            && !parts[1].isEmpty && parts[1].allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether the value of `--from`, which begins with a hyphen, is an account, and no option in its place.
    package static func isAccount(_ value: String) -> Bool { value.contains("@") && !value.hasPrefix("--") }

    /// The words of `send` with its text behind `--`: whatever follows whom it is for, and is no option of it, is text.
    private static func sending(_ words: ArraySlice<String>) throws(CommandFailure) -> [String] {
        // What all commands have, such as --version.
        guard words.count > 1 else { return Array(words) }
        var (rest, options, others) = (words, [String](), [String]())
        while let word = rest.popFirst() {
            if word == "--" {
                others += rest
                break
            } else if sendOptions.contains(word) {
                options.append(word)
                if let value = rest.popFirst() { options.append(value) }
            } else if word == "-h" || word == "--help" || isJoined(word, to: ["-W"])
                || sendOptions.contains(where: { $0.hasPrefix("--") && word.hasPrefix("\($0)=") })
            {
                options.append(word)
            } else if others.isEmpty, word.hasPrefix("-") {
                // Before anybody is named there is no text.
                throw noOption(word)
            } else {
                others.append(word)
            }
        }
        guard others.count <= 2 else {
            throw .usage(
                "Say whom it is for and one text: here are \(others.count) words, or an option that there is not.")
        }
        return options + (others.isEmpty ? [] : ["--"] + others)
    }

    /// The first word that the parser would take for several short options; the commands have none that go together.
    private static func cluster(in words: [String]) -> String? {
        let freeValues = words.first == "listen" ? freeValues : []
        var isFree = false
        for word in words {
            if word == "--" { return nil }
            defer { isFree = !isFree && freeValues.contains(word) }
            guard !isFree, word.utf8.count > 2, word.hasPrefix("-"), !word.hasPrefix("--") else { continue }
            if word != "-help", !isJoined(word, to: ["-C", "-W"]) { return word }
        }
        return nil
    }

    /// Whether a word is a short option with its number.
    private static func isJoined(_ word: String, to options: [String]) -> Bool {
        guard let option = options.first(where: { word.hasPrefix($0) }) else { return false }
        var value = word.utf8.dropFirst(option.utf8.count)
        if value.first == UInt8(ascii: "=") { value = value.dropFirst() }
        return !value.isEmpty && value.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }

    private static func noOption(_ word: String) -> CommandFailure {
        // The name of a long option at most, or one letter.
        let name = word.hasPrefix("--") ? word.prefix { $0 != "=" } : word.prefix(2)
        let isShort = name.utf8.count <= mostOfName
        return .usage(
            "There is no option \(isShort ? TerminalText.line(String(name)) : "of that name")\(name == word ? "" : "…"). "
                + "What begins with a hyphen and is none stands behind --, or behind = where it is an option's value. See --help."
        )
    }

    /// Bytes of a name that are shown; ours have fewer.
    private static let mostOfName = 32
}
