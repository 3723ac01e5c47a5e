import CMicroHTTPD
import Glibc

/// The head of a request out of the library's hands.
struct HeadReader {
    /// Fields and bytes that most requests have; more only take longer.
    private static let usualFields = 8, usualBytes = 512

    let head: RequestHead
    let refusal: FramingRefusal?

    /// The pointers are those of an access handler's first call.
    init(
        _ connection: OpaquePointer, _ target: RequestTarget?, method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?, _ peer: PeerAddress
    ) {
        let method = unsafe CString.bytes(method)
        let headers = unsafe Self.headers(of: connection)
        let check = unsafe FramingCheck(
            method: method, target: target, version: CString.string(version), headers: headers)
        refusal = check.refusal
        head = RequestHead(
            method: String(decoding: method, as: UTF8.self), path: target?.path ?? "", query: target?.query,
            headers: headers, peer: peer, contentLength: check.contentLength, hasBody: check.hasBody)
    }

    private static func headers(of connection: OpaquePointer) -> HeaderFields {
        var headers = HeaderFields()
        headers.reserve(fields: usualFields, bytes: usualBytes)
        // The library calls back before it returns, with bytes that last as long as the request.
        unsafe withUnsafeMutablePointer(to: &headers) { headers in
            unsafe _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameCount, value, valueCount in
                    guard let headers = unsafe context?.assumingMemoryBound(to: HeaderFields.self) else { return .NO }
                    unsafe headers.pointee.append(
                        name: UnsafeRawBufferPointer(start: name, count: nameCount),
                        value: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueCount))
                    return .YES
                }, headers)
        }
        return headers
    }
}
