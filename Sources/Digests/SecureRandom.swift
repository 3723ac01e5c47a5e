private import CLibCrypto

/// Random bytes that nobody can guess, for tokens, identifiers and challenges.
package enum SecureRandom {
    /// This many bytes of libcrypto's generator, which the kernel seeds.
    ///
    /// A generator that can't be seeded ends the process: a guessable token would be worse.
    package static func bytes(count: Int) -> [UInt8] {
        // The library takes the count as an `int`.
        guard count >= 0, let length = Int32(exactly: count) else {
            preconditionFailure("\(count) is no number of random bytes")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        // The library writes exactly `length` bytes.
        let filled = unsafe bytes.withUnsafeMutableBufferPointer { unsafe RAND_bytes($0.baseAddress, length) }
        guard filled == 1 else { LibCrypto.fail("RAND_bytes") }
        return bytes
    }
}
