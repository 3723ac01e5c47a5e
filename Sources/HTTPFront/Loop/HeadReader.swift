import CMicroHTTPD
import Glibc

/// The head of a request out of the library's hands.
struct HeadReader {
    /// Fields and bytes that most requests have; more only take longer.
    private static let usualFields = 8, usualBytes = 512

    /// Whether the library is of the kind that `HeadLayout` knows: 1.0 came with another parser, which refuses by itself.
    private static let hasKnownLayout = unsafe CString.string(MHD_get_version()).hasPrefix("0.")

    /// What the library's iteration over the fields fills.
    private struct Collector {
        var headers = HeaderFields()
        var layout: HeadLayout

        mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            layout.add(
                name: range(UInt(bitPattern: name.baseAddress), name.count),
                value: range(UInt(bitPattern: value.baseAddress), value.count))
            unsafe headers.append(name: name, value: value)
        }
    }

    let head: RequestHead
    let refusal: FramingRefusal?

    /// The pointers are those of an access handler's first call.
    init(
        _ connection: OpaquePointer, _ exchange: Exchange, method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?, _ peer: PeerAddress
    ) {
        let start = UInt(bitPattern: method)
        var collector = Collector(
            layout: HeadLayout(
                method: Self.range(start, unsafe CString.count(method)), target: exchange.targetPlace,
                version: Self.range(UInt(bitPattern: version), unsafe CString.count(version))))
        collector.headers.reserve(fields: Self.usualFields, bytes: Self.usualBytes)
        unsafe Self.collect(from: connection, into: &collector)
        collector.layout.finish(at: start + UInt(unsafe gw_head_size(connection)))

        let methodName = unsafe CString.string(method)
        let check = FramingCheck(
            method: methodName, target: exchange.target, version: unsafe CString.string(version),
            headers: collector.headers)
        refusal = check.refusal ?? (Self.hasKnownLayout && !collector.layout.isSound ? .malformedHead : nil)
        head = RequestHead(
            method: methodName, path: exchange.target?.path ?? "",
            query: exchange.target?.query, authority: exchange.target?.authority, headers: collector.headers,
            peer: peer,
            contentLength: check.contentLength, hasBody: check.hasBody)
    }

    private static func collect(from connection: OpaquePointer, into collector: inout Collector) {
        // The library calls back before it returns, with bytes that last as long as the request.
        unsafe withUnsafeMutablePointer(to: &collector) { collector in
            unsafe _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameCount, value, valueCount in
                    guard let collector = unsafe context?.assumingMemoryBound(to: Collector.self) else { return .NO }
                    unsafe collector.pointee.add(
                        UnsafeRawBufferPointer(start: name, count: nameCount),
                        UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueCount))
                    return .YES
                }, collector)
        }
    }

    private static func range(_ start: UInt, _ count: Int) -> Range<UInt> { start..<start + UInt(count) }
}
