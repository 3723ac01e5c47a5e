private import CLibCrypto

/// HMAC with SHA-256 (RFC 2104, RFC 4231), with which messages to others are signed.
package enum HMACSHA256 {
    /// Bytes in a code.
    package static let size = 32

    /// The 32 bytes of the code for a message under a key of any length.
    ///
    /// Compare a code that came from outside with `ConstantTime.equal`.
    package static func code(for message: Span<UInt8>, key: Span<UInt8>) -> [UInt8] {
        // libcrypto 3.0 takes a nil key for a missing one and fails. A key is padded with zeros (RFC 2104, 2), so that one
        // zero is the empty key.
        if key.isEmpty {
            let zero: [UInt8] = [0]
            return code(for: message, key: zero.span)
        }
        // The library takes the key's length as an `int`. No key of ours comes near it; cutting it would be silent.
        guard let keyCount = Int32(exactly: key.count) else { preconditionFailure("an HMAC key beyond 2 GiB") }
        var code = [UInt8](repeating: 0, count: size)
        // The library reads both inputs by their counts, writes `size` bytes and keeps no pointer.
        let made = unsafe key.withUnsafeBufferPointer { key in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe code.withUnsafeMutableBufferPointer { code in
                    unsafe HMAC(
                        EVP_sha256(), key.baseAddress, keyCount, message.baseAddress, message.count, code.baseAddress,
                        nil)
                        != nil
                }
            }
        }
        guard made else { LibCrypto.fail("HMAC") }
        return code
    }

    /// The 32 bytes of the code for a message under a key of any length.
    package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        code(for: message.span, key: key.span)
    }
}
