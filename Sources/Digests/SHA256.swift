/// The SHA-256 digest (FIPS 180-4, 6.2), the form in which API keys are kept and secrets are compared.
package struct SHA256: ~Copyable {
    private var digest = MessageDigest(.sha256)

    /// An empty digest.
    package init() {}

    /// Adds bytes to what is digested.
    package mutating func update(_ bytes: Span<UInt8>) {
        digest.update(bytes)
    }

    /// The 32 bytes of the digest.
    package consuming func finish() -> [UInt8] {
        digest.finish()
    }

    /// The 32 bytes of the digest of these bytes.
    package static func digest(of bytes: Span<UInt8>) -> [UInt8] {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finish()
    }

    /// The 32 bytes of the digest of these bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        digest(of: bytes.span)
    }
}
