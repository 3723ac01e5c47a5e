import CMicroHTTPD

/// The body of an answer for as long as the library sends it: the array itself, and no copy of it.
///
/// So a page that is kept for everybody is there once, however many connections it is sent on and however slowly their
/// clients read.
final class SentBody {
    private let bytes: [UInt8]

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// An `MHD_Response` with these bytes; nil when the library has no memory.
    static func makeResponse(_ bytes: [UInt8]) -> OpaquePointer? {
        guard !bytes.isEmpty else {
            return unsafe MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        }
        let body = SentBody(bytes)
        // Released by `released`, which the library calls when the response goes, or below when there is none.
        let context = unsafe Unmanaged.passRetained(body)
        // An array's bytes stay where they are while it is retained and nobody can write to it: `body` retains it, and its
        // property is a constant. The library only reads, although it asks for a mutable pointer.
        let made = unsafe body.bytes.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), released, context.toOpaque())
        }
        if unsafe made == nil { unsafe context.release() }
        return unsafe made
    }

    private static let released: MHD_ContentReaderFreeCallback = { context in
        guard let context = unsafe context else { return }
        // Balances `makeResponse`.
        unsafe Unmanaged<SentBody>.fromOpaque(context).release()
    }
}
