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

    /// How many bytes it has; 0 after `erase`.
    package var count: Int { withBytes { $0.count } }

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
            Self.overwrite(&own)
            Self.overwrite(&others)
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

    /// Overwrites bytes that a secret was made of, with a call that the compiler may not leave out.
    package static func overwrite(_ bytes: inout [UInt8]) {
        // The array is its storage's one owner, so these are the bytes themselves and no copy.
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}

/// The memory of one `Secret`: allocated once, never moved or copied, overwritten before it is given back.
///
/// Safe although it stores a pointer: only this type sees it, it is valid from `init` to `deinit`, `withBytes` lends it as
/// a span that can't outlive the call, and because the type can't be copied it is freed once. For the same reason it may
/// go from thread to thread (`@unchecked Sendable`): whoever has it is the only one who has its memory.
@safe struct SecretBytes: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var isErased = false

    /// A copy of these bytes.
    init(copying bytes: Span<UInt8>) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        // The destination was made with the source's count.
        unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
        unsafe self.memory = memory
    }

    /// Lends the bytes; none once they are erased.
    borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        if isErased { return try body(Span()) }
        // All of it was initialized with bytes in `init`, and the borrow keeps it alive for the call.
        let bytes = unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(memory))
        return try body(bytes)
    }

    /// Overwrites the bytes, with a call that the compiler may not leave out as a store nobody reads.
    ///
    /// The memory itself is kept until the owner ends.
    mutating func erase() {
        isErased = true
        unsafe OPENSSL_cleanse(memory.baseAddress, memory.count)
    }

    // The one owner overwrites and frees, once.
    deinit {
        unsafe OPENSSL_cleanse(memory.baseAddress, memory.count)
        unsafe memory.deallocate()
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<secret>`, whatever it holds.
    package var description: String { "<secret>" }

    /// `<secret>`, whatever it holds.
    package var debugDescription: String { description }

    /// A mirror without children, so that `dump` and loggers that reflect find nothing either.
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}
