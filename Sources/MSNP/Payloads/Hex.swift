/// Hexadecimal numbers as they stand in payloads.
enum Hex {
    /// The value of one to `digits` hexadecimal digits; nil for anything else, a sign included.
    static func value(_ text: some StringProtocol, digits: Int) -> UInt32? {
        guard !text.isEmpty, text.utf8.count <= digits, text.utf8.allSatisfy({ nibble($0) != nil }) else { return nil }
        return UInt32(text, radix: 16)
    }

    /// The value of one digit.
    static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Two digits in lower case.
    static func pair(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
