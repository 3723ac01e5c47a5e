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
    /// A response that can't be sent as it is becomes an empty 500. `closing`: the connection closes after it.
    init?(_ response: Response, closing: Bool) {
        let response = Self.isSendable(response) ? response : Response(status: 500)
        // Neither has a body (RFC 9110, 15.3.5 and 15.4.5).
        let body = response.status == 204 || response.status == 304 ? [] : response.body
        // The library copies the bytes before it returns; a nil address comes with a count of 0.
        let made = unsafe body.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let raw = unsafe made else { return nil }
        unsafe self.raw = raw
        status = UInt32(response.status)
        add(response.headers)
        if closing { unsafe MHD_add_response_header(raw, "Connection", "close") }
    }

    /// Hands it to the library for a connection; false when that is of another mind.
    func queue(on connection: OpaquePointer) -> Bool {
        unsafe MHD_queue_response(connection, status, raw) == .YES
    }

    private func add(_ headers: HeaderFields) {
        // Each name and each value has a zero behind it, and none inside, as `isSendable` saw. The library copies both.
        unsafe headers.bytes.withUnsafeBytes { bytes in
            for field in headers.fields where !Self.isFraming(field, of: headers) {
                let name = unsafe bytes.baseAddress?.advanced(by: field.name.lowerBound)
                let value = unsafe bytes.baseAddress?.advanced(by: field.value.lowerBound)
                unsafe MHD_add_response_header(
                    raw, name?.assumingMemoryBound(to: CChar.self), value?.assumingMemoryBound(to: CChar.self))
            }
        }
    }

    /// Whether the server alone sets this field.
    private static func isFraming(_ field: HeaderFields.Field, of headers: HeaderFields) -> Bool {
        ["Content-Length", "Transfer-Encoding", "Connection"].contains { headers.matches(field, $0) }
    }

    private static func isSendable(_ response: Response) -> Bool {
        (200...599).contains(response.status)
            && response.headers.fields.allSatisfy { field in
                FieldSyntax.isToken(response.headers.bytes[field.name])
                    && FieldSyntax.isValue(response.headers.bytes[field.value])
            }
    }

    deinit { unsafe MHD_destroy_response(raw) }
}
