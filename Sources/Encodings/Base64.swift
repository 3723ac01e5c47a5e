/// Base 64 (RFC 4648, 4 and 5).
public enum Base64 {
    /// The 64 digits, and whether four of them stand for what is left of three bytes too.
    public enum Form: Sendable {
        /// With `+`, `/` and padding, as policies and mails have it.
        case standard
        /// With `-`, `_` and no padding, for URLs and file names: how tokens are written.
        case forURLs

        fileprivate var digits: [UInt8] {
            switch self {
            case .standard: Base64.standardDigits
            case .forURLs: Base64.digitsForURLs
            }
        }
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    fileprivate static let standardDigits = Array((letters + "+/").utf8)
    fileprivate static let digitsForURLs = Array((letters + "-_").utf8)

    /// Four digits for each three bytes; two or three, and padding, for the one or two bytes that are left.
    public static func encode(_ bytes: [UInt8], _ form: Form) -> String { encode(bytes[...], form) }

    /// The same of some bytes of an array.
    public static func encode(_ bytes: ArraySlice<UInt8>, _ form: Form) -> String {
        let digits = form.digits
        let count = (bytes.count * 4 + 2) / 3
        let padding = form == .standard ? (4 - count % 4) % 4 : 0
        // `count` and the padding are what is written below, each place once.
        return unsafe String(unsafeUninitializedCapacity: count + padding) { text in
            var written = 0
            // The bits not written yet, at most 5 + 8 of them, in the low end.
            var pending: UInt16 = 0
            var pendingBits = 0
            func write(_ digit: UInt8) {
                unsafe text[written] = digit
                written += 1
            }
            for byte in bytes {
                pending = pending << 8 | UInt16(byte)
                pendingBits += 8
                while pendingBits >= 6 {
                    pendingBits -= 6
                    write(digits[Int(pending >> pendingBits & 0x3F)])
                }
            }
            if pendingBits > 0 { write(digits[Int(pending << (6 - pendingBits) & 0x3F)]) }
            for _ in 0..<padding { write(UInt8(ascii: "=")) }
            return written
        }
    }

    /// Appends the digits of a number's lowest bits, the highest of them first: one for each six bits.
    public static func append(_ number: UInt64, bits: Int, _ form: Form, to text: inout [UInt8]) {
        let digits = form.digits
        for shift in stride(from: bits - 6, through: 0, by: -6) { text.append(digits[Int(number >> shift & 0x3F)]) }
    }

    /// The bytes that standard digits stand for, as mails need it; nil where a byte is no digit.
    ///
    /// Spaces are passed over, and what follows the first padding is not looked at; padding may be missing.
    public static func decodeLeniently(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in text where byte != UInt8(ascii: " ") {
            if byte == UInt8(ascii: "=") { break }
            guard let value = value(of: byte) else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xFF_FFFF
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return output
    }

    /// What a standard digit is worth; nil for any other byte.
    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
