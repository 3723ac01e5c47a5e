import ByteText
import CMicroHTTPD

/// The head of a request out of the library's hands.
struct HeadReader {
    /// Bytes that a field of `HeaderFields` has beyond those on the wire, and fields that most requests have.
    private static let excess = 6, usualFields = 10

    /// Whether the library is of the kind that `HeadLayout` knows: 1.0 came with another parser, which refuses by itself.
    private static let hasKnownLayout = unsafe CString.string(MHD_get_version()).hasPrefix("0.")

    /// What the library's iteration over the fields fills.
    private struct Collector {
        /// The fields that were there, and are not those of the last head.
        var headers = HeaderFields()
        var layout: HeadLayout
        /// The fields of the last head, as long as all that came were the same.
        var like: HeaderFields?
        /// Up to where they have come.
        var place = 0
        /// Bytes that there is room for.
        let room: Int

        mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            layout.add(
                name: range(UInt(bitPattern: name.baseAddress), name.count),
                value: range(UInt(bitPattern: value.baseAddress), value.count))
            if let end = unsafe like?.end(ofFieldAt: place, ifEqual: name, value) {
                place = end
            } else {
                leaveLike()
                unsafe headers.append(name: name, value: value)
            }
        }

        /// The fields are others than those of the last head, from here on.
        mutating func leaveLike() {
            guard let like else { return }
            headers = like.prefix(upTo: place, roomFor: room)
            self.like = nil
        }

        /// No field follows.
        mutating func finish(at place: UInt) {
            layout.finish(at: place)
            if let like, self.place < like.bytes.count { leaveLike() }
        }
    }

    let head: RequestHead
    let refusal: FramingRefusal?
    /// Whether it is the last head on this connection, byte by byte, but for the query.
    let isLikeLast: Bool
    /// Whether the next one may be the same, and this one is to be kept for that.
    let canRepeat: Bool

    /// The pointers are those of an access handler's first call.
    init(
        _ connection: OpaquePointer, _ exchange: Exchange, method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?, _ peer: PeerAddress
    ) {
        let methodBytes = unsafe UnsafeRawBufferPointer(start: method, count: CString.count(method))
        let versionBytes = unsafe UnsafeRawBufferPointer(start: version, count: CString.count(version))
        let start = UInt(bitPattern: method)
        let size = unsafe gw_head_size(connection)
        let isUsual = unsafe ByteOrder.compare(versionBytes, FramingCheck.http11.utf8) == 0
        var like = exchange.like
        if let last = like, unsafe !isUsual || ByteOrder.compare(methodBytes, last.method.utf8) != 0 { like = nil }

        var collector = Collector(
            layout: HeadLayout(
                method: Self.range(start, methodBytes.count), target: exchange.targetPlace,
                version: Self.range(UInt(bitPattern: version), versionBytes.count)),
            like: like?.headers, room: size + Self.excess * Self.usualFields)
        if like == nil { collector.headers.reserve(bytes: collector.room) }
        unsafe Self.collect(from: connection, into: &collector)
        collector.finish(at: start + UInt(size))
        let isMalformed = Self.hasKnownLayout && !collector.layout.isSound

        if let like, collector.like != nil {
            // Whatever was found sound there is sound here.
            let query = exchange.target?.query
            head = Self.isSame(query, like.query) ? like : RequestHead(like, query: query)
            refusal = isMalformed ? .malformedHead : nil
            isLikeLast = true
            canRepeat = !isMalformed && head.canRepeat
            return
        }
        let methodName = unsafe CString.string(method)
        let check = FramingCheck(
            method: methodName, target: exchange.target, version: unsafe CString.string(version),
            headers: collector.headers)
        refusal = check.refusal ?? (isMalformed ? .malformedHead : nil)
        head = RequestHead(
            method: methodName, path: exchange.target?.path ?? "",
            query: exchange.target?.query, authority: exchange.target?.authority, headers: collector.headers,
            peer: peer,
            contentLength: check.contentLength, hasBody: check.hasBody)
        isLikeLast = false
        canRepeat = refusal == nil && isUsual && head.canRepeat
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

    /// Whether both are the same bytes, or there is neither.
    private static func isSame(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return ASCII.equals(one, other)
    }

    private static func range(_ start: UInt, _ count: Int) -> Range<UInt> { start..<start + UInt(count) }
}
