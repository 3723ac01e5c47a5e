import ByteText

extension MIMEPayload {
    /// The header's value, nil when it is missing or empty.
    func text(_ name: FoldedText) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }

    /// The header's value as decimal digits with an optional minus sign; nil for anything else, a plus sign included.
    func number(_ name: FoldedText) -> Int64? {
        guard let value = text(name) else { return nil }
        let digits = value.utf8.first == UInt8(ascii: "-") ? value.utf8.dropFirst() : value.utf8[...]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(value)
    }

    /// The header's value as 32 bits, which servers write signed and unsigned (docs/protocol.md#profile): -2^31 … 2^32-1.
    func bits(_ name: FoldedText) -> UInt32? {
        guard let value = number(name), (Int64(Int32.min)...Int64(UInt32.max)).contains(value) else { return nil }
        return UInt32(truncatingIfNeeded: value)
    }

    /// The header's value as seconds since 1970; after 2038 a server with 32 bits for them writes a negative number.
    func seconds(_ name: FoldedText) -> UInt64? {
        guard let value = number(name) else { return nil }
        return value < 0 ? bits(name).map(UInt64.init) : UInt64(value)
    }

    /// The header's value as `1` or `0`.
    func flag(_ name: FoldedText) -> Bool? {
        guard let value = self[name] else { return nil }
        return ASCII.equals(value, "1") ? true : ASCII.equals(value, "0") ? false : nil
    }

    /// A parameter of the content type, without its quotes: `UTF-8` for `charset`; nil when it is missing or empty.
    func contentParameter(_ name: FoldedText) -> String? {
        for parameter in (contentTypeValue ?? "").utf8.split(separator: UInt8(ascii: ";")).dropFirst() {
            let halves = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard halves.count == 2, FoldedText(Substring(halves[0]).trimmingBlanks) == name else { continue }
            let value = Substring(halves[1]).trimmingBlanks.utf8.filter { $0 != UInt8(ascii: "\"") }
            return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        }
        return nil
    }
}
