extension MIMEPayload {
    /// The header's value, nil when it is missing or empty.
    func text(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }

    /// The header's value as decimal digits with an optional minus sign; nil for anything else, a plus sign included.
    func number(_ name: String) -> Int64? {
        guard let value = text(name) else { return nil }
        let digits = value.utf8.first == UInt8(ascii: "-") ? value.utf8.dropFirst() : value.utf8[...]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(value)
    }

    /// The header's value as `1` or `0`.
    func flag(_ name: String) -> Bool? {
        switch self[name] {
        case "1": true
        case "0": false
        default: nil
        }
    }

    /// A parameter of the content type, without its quotes: `UTF-8` for `charset`; nil when it is missing or empty.
    func contentParameter(_ name: String) -> String? {
        for parameter in (self["Content-Type"] ?? "").split(separator: ";").dropFirst() {
            let halves = parameter.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0].trimmingBlanks.lowercased() == name else { continue }
            let value = String(halves[1].trimmingBlanks.filter { $0 != "\"" })
            return value.isEmpty ? nil : value
        }
        return nil
    }
}
