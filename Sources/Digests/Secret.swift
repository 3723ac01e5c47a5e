private import CLibCrypto
private import Locking

/// The one copy of a password that a session keeps, overwritten at the session's end.
///
/// It reads as `<secret>` wherever a value is printed. Any thread may call any method; none but `withBytes` runs code
/// of the caller, and that code must not call this secret again, because a lock keeps `erase` out while it runs.
package final class Secret: Sendable {
    private let storage: Locked<SecretBytes>

    /// A copy of these bytes; the caller's own are the caller's to overwrite.
    package init(copying bytes: Span<UInt8>) {
        storage = Locked(SecretBytes(copying: bytes))
    }

    /// A copy of a string's UTF-8.
    ///
    /// Strings can't be overwritten: what parsing has left of this one stays in memory until it is used again.
    package convenience init(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        self.init(copying: text.utf8.span)
    }

    /// Lends the bytes for the length of a call; an empty span after `erase`.
    ///
    /// Throws what `body` throws. `erase` and `matches` from other threads wait for it, so keep it short.
    package func withBytes<R: ~Copyable, E: Error>(
        _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try storage.withLock { storage throws(E) in try storage.withBytes(body) }
    }

    /// Whether both are the same password; never once either is erased.
    ///
    /// In a time that does not tell where they differ, nor (digests being compared) whether their lengths do.
    package func matches(_ other: Secret) -> Bool {
        // One lock after the other, never both: two secrets may be compared from both sides at once, or one with itself.
        guard var own = digest(), var others = other.digest() else { return false }
        defer {
            Self.cleanse(&own)
            Self.cleanse(&others)
        }
        return ConstantTime.equal(own, others)
    }

    /// Overwrites the bytes, now and for good; repeated calls do nothing more.
    package func erase() {
        storage.withLock { $0.erase() }
    }

    /// The SHA-256 digest, from which a weak password could be guessed: it is the caller's to overwrite.
    private func digest() -> [UInt8]? {
        storage.withLock { storage in
            storage.isErased ? nil : storage.withBytes { SHA256.digest(of: $0) }
        }
    }

    private static func cleanse(_ bytes: inout [UInt8]) {
        // The array is its storage's one owner, so these are the bytes themselves and no copy.
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
