/// Hexadecimal digits (RFC 4648, 8), one byte each: written in lower case, read in either unless a function says otherwise.
public enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The two digits of each byte, first byte first.
    public static func encode(_ bytes: [UInt8]) -> String { encode(bytes[...]) }

    /// The same of some bytes of an array.
    public static func encode(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads what `encode` wrote; nil for anything else, capitals included.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), !digits.contains(where: (UInt8(ascii: "A")...UInt8(ascii: "F")).contains)
        else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = byte(digits[index], digits[index + 1]) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// What a digit is worth; nil for any other byte.
    public static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The byte that two digits write; nil where one of them is none.
    public static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = value(of: high), let low = value(of: low) else { return nil }
        return high << 4 | low
    }

    /// The number that one to `most` digits write; nil for anything else, a sign included.
    public static func number(_ text: some StringProtocol, most: Int) -> UInt32? {
        guard text.utf8.count <= most, text.utf8.allSatisfy({ value(of: $0) != nil }) else { return nil }
        return UInt32(text, radix: 16)
    }

    /// A number with zeros before it, in `count` digits; more where it has more.
    public static func padded(_ number: UInt32, to count: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}
