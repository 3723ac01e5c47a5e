/// The MD5 digest (RFC 1321), which MSNP's sign-in, its challenges and the Passport form are made of.
///
/// It is broken as a cryptographic hash; nothing of ours relies on it beyond what the protocol asks for.
package struct MD5: ~Copyable {
    private var digest = MessageDigest(.md5)

    /// An empty digest.
    package init() {}

    /// Adds bytes to what is digested.
    package mutating func update(_ bytes: Span<UInt8>) {
        digest.update(bytes)
    }

    /// Adds a string's UTF-8.
    package mutating func update(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        update(text.utf8.span)
    }

    /// The 16 bytes of the digest.
    package consuming func finish() -> [UInt8] {
        digest.finish()
    }
}
