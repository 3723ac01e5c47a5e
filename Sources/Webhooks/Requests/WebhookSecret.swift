package import Digests
import Encodings

/// What signs a webhook's requests: `whsec_` and 24 to 64 bytes in Base64 (Standard Webhooks, *Signature scheme*).
///
/// It reads as `<secret>` wherever a value is printed.
package struct WebhookSecret: Sendable {
    /// What its text begins with.
    package static let prefix = "whsec_"
    /// Bytes that are drawn for a new one.
    package static let size = 32
    /// Bytes that the standard allows.
    private static let sizes = 24...64

    private let key: Secret

    /// A new one, of libcrypto's random bytes.
    package static func random() -> WebhookSecret {
        var bytes = SecureRandom.bytes(count: size)
        defer { Secret.overwrite(&bytes) }
        return WebhookSecret(key: Secret(copying: bytes.span))
    }

    /// One that was kept; nil where the standard allows no key of that length.
    package init?(_ key: Secret) {
        guard Self.sizes.contains(key.count) else { return nil }
        self.init(key: key)
    }

    private init(key: Secret) { self.key = key }

    /// One in the form in which it is shown; nil for anything else.
    package init?(text: String) {
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard text.utf8.starts(with: Self.prefix.utf8), digits.count <= 88, !digits.contains(UInt8(ascii: " ")),
            var bytes = Base64.decodeLeniently(digits)
        else { return nil }
        defer { Secret.overwrite(&bytes) }
        self.init(Secret(copying: bytes.span))
    }

    /// The form in which it is shown, once.
    package var text: String { withBytes { Self.prefix + Base64.encode(Self.copy($0), .standard) } }

    /// Lends the bytes of the key for the length of a call, to seal them or to sign.
    package func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try key.withBytes(body)
    }

    /// Whether both are the same, in a time that does not tell where they differ.
    package func matches(_ other: WebhookSecret) -> Bool { key.matches(other.key) }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }
}

extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<secret>`, whatever it holds.
    package var description: String { "<secret>" }

    /// `<secret>`, whatever it holds.
    package var debugDescription: String { description }

    /// A mirror without children, so that `dump` and loggers that reflect find nothing either.
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
