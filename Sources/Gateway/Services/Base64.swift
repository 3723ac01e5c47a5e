import FoundationEssentials

/// Base64 with padding (RFC 4648, 4), as CSP wants it.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
