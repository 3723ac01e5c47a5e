private import CLibCrypto

/// One running digest of libcrypto, which `MD5` and `SHA256` give their names to.
///
/// Safe although it stores a pointer: only this type sees it, it is valid from `init` to `deinit`, and because the type
/// can't be copied it has one user at a time and is freed once.
@safe struct MessageDigest: ~Copyable {
    /// The algorithms that the project has a use for.
    enum Algorithm {
        case md5, sha256
    }

    /// An implementation that the library has found, which is kept for good.
    ///
    /// Finding one by its name takes locks and longer than digesting a token, and each request digests one. Any thread may
    /// use it (`@unchecked Sendable`): it is never changed.
    @safe private struct Implementation: @unchecked Sendable {
        // EVP_MD *
        let raw: OpaquePointer

        init(_ name: String) {
            guard let raw = unsafe EVP_MD_fetch(nil, name, nil) else { LibCrypto.fail("EVP_MD_fetch") }
            unsafe self.raw = raw
        }
    }

    private static let md5 = Implementation("MD5")
    private static let sha256 = Implementation("SHA256")

    // EVP_MD_CTX *; freeing it overwrites the state that was derived from what was digested.
    private let context: OpaquePointer

    /// An empty digest.
    init(_ algorithm: Algorithm) {
        guard let context = unsafe EVP_MD_CTX_new() else { LibCrypto.fail("EVP_MD_CTX_new") }
        unsafe self.context = context
        let implementation =
            switch algorithm {
            case .md5: Self.md5
            case .sha256: Self.sha256
            }
        guard unsafe EVP_DigestInit_ex(context, implementation.raw, nil) == 1 else {
            LibCrypto.fail("EVP_DigestInit_ex")
        }
    }

    /// Adds bytes to what is digested.
    mutating func update(_ bytes: Span<UInt8>) {
        let context = unsafe self.context
        // The library reads `count` bytes and keeps nothing; with none it does not look at the pointer, which may be nil.
        let updated = unsafe bytes.withUnsafeBufferPointer {
            unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count)
        }
        guard updated == 1 else { LibCrypto.fail("EVP_DigestUpdate") }
    }

    /// The bytes of the digest, as many as the algorithm makes.
    consuming func finish() -> [UInt8] {
        let context = unsafe self.context
        var digest = [UInt8](repeating: 0, count: Int(unsafe EVP_MD_get_size(EVP_MD_CTX_get0_md(context))))
        // The library writes exactly the size asked for above.
        let finished = unsafe digest.withUnsafeMutableBufferPointer {
            unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
        }
        guard finished == 1 else { LibCrypto.fail("EVP_DigestFinal_ex") }
        return digest
    }

    // The one owner frees, once.
    deinit { unsafe EVP_MD_CTX_free(context) }
}

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
