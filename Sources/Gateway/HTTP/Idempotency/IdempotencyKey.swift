import ByteText
import HTTPFront

/// `Idempotency-Key`: a name that a caller gives to one act, so that asking for it again does not do it again.
///
/// Taken as many clients send it, bare, and as the draft of the IETF's HTTPAPI group has it, a string in quotes
/// (RFC 9651, 3.3.3); both forms of the same characters are the same key.
struct IdempotencyKey: BytewiseText {
    static let field = "Idempotency-Key"
    /// Characters; a UUID has 36.
    static let longest = 255

    let text: String

    /// The key of a request, nil where it has none; throws `Problem` 400 for one that is empty, or none at all.
    init?(_ head: RequestHead) throws(Problem) {
        let values = head.headers.values(of: Self.field)
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw Problem(.invalidRequest, "There is more than one \(Self.field).") }
        guard let text = Self.unquoted(value), !text.isEmpty, text.utf8.count <= Self.longest else {
            throw Problem(
                .invalidRequest,
                "\(Self.field) has to have 1 to \(Self.longest) visible ASCII characters, bare or in quotes.")
        }
        self.text = text
    }

    private static func unquoted(_ value: String) -> String? {
        // Each character may be escaped, and there are quotes.
        guard value.utf8.count <= 2 * longest + 2 else { return nil }
        guard value.utf8.first == UInt8(ascii: "\"") else {
            // A comma would be two keys to some, and a space is a slip.
            let isBare = value.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ",")
            }
            return isBare ? value : nil
        }
        guard value.utf8.count >= 2, value.utf8.last == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in value.utf8.dropFirst().dropLast() {
            if isEscaped {
                guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { return nil }
                text.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\"") else { return nil }
                text.append(byte)
            }
        }
        return isEscaped ? nil : String(decoding: text, as: UTF8.self)
    }
}
