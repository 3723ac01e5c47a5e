import CMicroHTTPD

/// An owned `MHD_Response`; destroying it is the compiler's job, on every path.
///
/// Safe although it stores a pointer: only this type sees it, and the type can't be copied, so that it is freed once.
@safe struct OutgoingResponse: ~Copyable {
    // MHD_Response *
    private let raw: OpaquePointer
    private let status: UInt32

    /// Nil when the library has no memory.
    ///
    /// A response that can't be sent as it is becomes an empty 500. `closing`: the connection closes after it. The exchange
    /// keeps the body until the library has sent it: the array itself, and no copy of it. So a page that is kept for everybody
    /// is there once, however many connections it is sent on and however slowly their clients read.
    init?(_ response: Response, of exchange: Exchange, closing: Bool) {
        let response = Self.isSendable(response) ? response : Response(status: 500)
        // Neither has a body (RFC 9110, 15.3.5 and 15.4.5).
        let body = response.status == 204 || response.status == 304 ? [] : response.body
        exchange.body = body
        // An array's bytes stay where they are while it is retained and nobody writes to it: the exchange retains it until the
        // request has completed, and the library, which only reads although it asks for a mutable pointer, sends nothing of
        // it after that.
        let made = unsafe exchange.body.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_PERSISTENT)
        }
        guard let raw = unsafe made else { return nil }
        unsafe self.raw = raw
        status = UInt32(response.status)
        add(response.headers)
        if closing { unsafe MHD_add_response_header(raw, "Connection", "close") }
    }

    /// An answer in pieces, which the library asks `stream` for; the connection closes after it.
    ///
    /// Nil when the library has no memory, or the fields can't be sent.
    init?(_ stream: OutgoingStream) {
        // Kept by the library's response, which calls `released` when it goes.
        let context = unsafe Unmanaged.passRetained(stream)
        guard let outgoing = unsafe Self(stream.streaming.response, context.toOpaque(), Self.released, closing: true)
        else {
            unsafe context.release()
            return nil
        }
        self = outgoing
    }

    /// The head of an answer in pieces, for HEAD; the connection closes after it.
    ///
    /// Version 0.9 sends the end of the chunks even where the head is all there is, so that none are announced.
    init?(headOf streaming: Streaming) {
        unsafe self.init(streaming.response, nil, nil, closing: true)
        unsafe gw_forbid_chunks(raw)
    }

    private init?(
        _ response: Response, _ context: UnsafeMutableRawPointer?, _ released: MHD_ContentReaderFreeCallback?,
        closing: Bool
    ) {
        guard Self.isSendable(response),
            let raw = unsafe MHD_create_response_from_callback(
                gw_size_unknown, Self.blockSize, Self.reader, context, released)
        else { return nil }
        unsafe self.raw = raw
        status = UInt32(response.status)
        add(response.headers)
        if closing { unsafe MHD_add_response_header(raw, "Connection", "close") }
    }

    /// What the library asks for at a time where the client speaks HTTP/1.0; chunks are made in the connection's memory.
    private static let blockSize = 2048

    private static let reader: MHD_ContentReaderCallback = { context, _, buffer, room in
        guard let context = unsafe context, let buffer = unsafe buffer else { return gw_end_of_stream }
        // What `init` handed in, for as long as the response lasts.
        let stream = unsafe Unmanaged<OutgoingStream>.fromOpaque(context).takeUnretainedValue()
        return unsafe stream.loop.read(stream, into: UnsafeMutableRawBufferPointer(start: buffer, count: room))
    }

    private static let released: MHD_ContentReaderFreeCallback = { context in
        guard let context = unsafe context else { return }
        // Balances `init`.
        unsafe Unmanaged<OutgoingStream>.fromOpaque(context).release()
    }

    /// Hands it to the library for a connection; false when that is of another mind.
    func queue(on connection: OpaquePointer) -> Bool {
        unsafe MHD_queue_response(connection, status, raw) == .YES
    }

    /// Puts a field in the place of another, for an answer that is not being sent; false when the library is of another mind.
    func replace(
        _ old: HeaderFields.Field, of oldHeaders: HeaderFields, with new: HeaderFields.Field,
        of newHeaders: HeaderFields
    ) -> Bool {
        // As `add` does; the library looks for the very field, and copies the other.
        unsafe oldHeaders.bytes.withUnsafeBytes { oldBytes in
            unsafe newHeaders.bytes.withUnsafeBytes { newBytes in
                unsafe MHD_del_response_header(
                    raw, Self.text(oldBytes, old.nameStart), Self.text(oldBytes, old.valueStart)) == .YES
                    && MHD_add_response_header(
                        raw, Self.text(newBytes, new.nameStart), Self.text(newBytes, new.valueStart)) == .YES
            }
        }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UnsafePointer<CChar>? {
        unsafe bytes.baseAddress?.advanced(by: place).assumingMemoryBound(to: CChar.self)
    }

    private func add(_ headers: HeaderFields) {
        // Each name and each value has a zero behind it, and none inside, as `isSendable` saw. The library copies both.
        unsafe headers.bytes.withUnsafeBytes { bytes in
            for field in headers.fields where !headers.isFraming(field) {
                unsafe MHD_add_response_header(
                    raw, Self.text(bytes, field.nameStart), Self.text(bytes, field.valueStart))
            }
        }
    }

    private static func isSendable(_ response: Response) -> Bool {
        (200...599).contains(response.status) && response.headers.isSendable
    }

    deinit { unsafe MHD_destroy_response(raw) }
}
