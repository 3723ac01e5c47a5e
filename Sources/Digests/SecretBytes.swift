private import CLibCrypto

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
