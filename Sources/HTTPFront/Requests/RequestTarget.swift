import ByteText

/// A request target (RFC 9112, 3.2), taken apart and not decoded.
struct RequestTarget: Equatable {
    /// Starts with `/`, or is `*`.
    let path: String
    let query: String?
    /// Host and port of a target in absolute form, which names the resource in place of `Host` (RFC 9112, 3.2.2).
    let authority: String?

    /// The target of a request like another: nil where it is another path, or can't be read.
    ///
    /// - Parameter last: whose path begins with a slash; its texts are shared, as far as they are the same.
    init?(parsing bytes: UnsafeRawBufferPointer, like last: RequestHead) {
        let count = last.path.utf8.count
        guard bytes.count >= count,
            unsafe ByteOrder.compare(UnsafeRawBufferPointer(rebasing: bytes[..<count]), last.path.utf8) == 0
        else { return nil }
        (path, authority) = (last.path, nil)
        guard bytes.count > count else {
            query = nil
            return
        }
        guard unsafe bytes[count] == UInt8(ascii: "?") else { return nil }
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[(count + 1)...])
        if let known = last.query, unsafe ByteOrder.compare(rest, known.utf8) == 0 {
            query = known
        } else {
            guard unsafe rest.allSatisfy(Self.isTargetByte) else { return nil }
            query = unsafe String(decoding: rest, as: UTF8.self)
        }
    }

    /// Nil when there is a byte that no URI has, or neither origin nor absolute form nor `*`.
    init?<Bytes: BidirectionalCollection<UInt8>>(parsing bytes: Bytes) {
        guard let first = bytes.first, bytes.allSatisfy(Self.isTargetByte) else { return nil }
        if first == UInt8(ascii: "/") {
            authority = nil
            (path, query) = Self.split(bytes[...])
        } else if bytes.elementsEqual("*".utf8) {
            (path, query, authority) = ("*", nil, nil)
        } else {
            guard let rest = Self.afterScheme(bytes[...]) else { return nil }
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            // A user name in front of the host has no place in a target (RFC 9110, 4.2.4).
            guard end > rest.startIndex, !rest[..<end].contains(UInt8(ascii: "@")) else { return nil }
            authority = String(decoding: rest[..<end], as: UTF8.self)
            let (path, query) = Self.split(rest[end...])
            self.path = path.isEmpty ? "/" : path
            self.query = query
        }
    }

    private static func isTargetByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    /// What follows `http://` or `https://`, in any case.
    private static func afterScheme<Bytes: BidirectionalCollection<UInt8>>(_ bytes: Bytes) -> Bytes?
    where Bytes.SubSequence == Bytes {
        for scheme in ["http://", "https://"] {
            let start = bytes.prefix(scheme.utf8.count)
            // Letters only: the bit makes a capital small and leaves `:` and `/`, which have it already.
            if start.lazy.map({ $0 | 0x20 }).elementsEqual(scheme.utf8) { return bytes[start.endIndex...] }
        }
        return nil
    }

    private static func split<Bytes: BidirectionalCollection<UInt8>>(
        _ bytes: Bytes
    ) -> (path: String, query: String?) {
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        let query = mark < bytes.endIndex ? String(decoding: bytes[mark...].dropFirst(), as: UTF8.self) : nil
        return (String(decoding: bytes[..<mark], as: UTF8.self), query)
    }
}
