private import CLibCrypto

/// Comparing secrets in a time that does not tell where they differ.
package enum ConstantTime {
    /// Whether both hold the same bytes.
    ///
    /// Different lengths are unequal at once, so lengths do leak: compare digests where the length is a secret too.
    package static func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        // The library reads `count` bytes of each, which both have; with none it reads neither.
        return unsafe a.withUnsafeBytes { a in
            unsafe b.withUnsafeBytes { b in unsafe CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0 }
        }
    }

    /// Whether both hold the same bytes.
    ///
    /// Different lengths are unequal at once, so lengths do leak: compare digests where the length is a secret too.
    package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        equal(a.span, b.span)
    }
}
