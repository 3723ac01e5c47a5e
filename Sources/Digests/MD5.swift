private import CLibCrypto

/// The MD5 digest (RFC 1321), which MSNP's sign-in, its challenges and the Passport form are made of.
///
/// It is broken as a cryptographic hash; nothing of ours relies on it beyond what the protocol asks for.
package struct MD5: ~Copyable {
    // Owns the EVP_MD_CTX; freed in `deinit`, used by one owner at a time because the type can't be copied.
    private let context: OpaquePointer

    /// An empty digest.
    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("EVP_MD_CTX_new: out of memory") }
        unsafe self.context = context
        let started = unsafe EVP_DigestInit_ex(context, EVP_md5(), nil)
        precondition(started == 1, "libcrypto has no MD5 (is a FIPS provider configured?)")
    }

    /// Adds bytes to what is digested.
    package mutating func update(_ bytes: Span<UInt8>) {
        let context = unsafe self.context
        let updated = unsafe bytes.withUnsafeBufferPointer {
            unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count)
        }
        precondition(updated == 1, "EVP_DigestUpdate")
    }

    /// Adds a string's UTF-8.
    package mutating func update(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        update(text.utf8.span)
    }

    /// The 16 bytes of the digest.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 16)
        let context = unsafe self.context
        let finished = unsafe digest.withUnsafeMutableBufferPointer {
            unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
        }
        precondition(finished == 1, "EVP_DigestFinal_ex")
        return digest
    }

    deinit { unsafe EVP_MD_CTX_free(context) }
}
