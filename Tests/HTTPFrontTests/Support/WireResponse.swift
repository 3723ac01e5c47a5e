import HTTPFront

/// A response as it came over the wire.
struct WireResponse: Sendable {
    let status: Int
    let headers: HeaderFields
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body in a sequence of chunks; nil when that isn't one with its end.
    static func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
        var (rest, body) = (bytes[...], [UInt8]())
        while let end = rest.firstIndex(of: 0x0D), rest[end...].prefix(2).elementsEqual([0x0D, 0x0A]) {
            guard let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) else { return nil }
            rest = rest[(end + 2)...]
            guard rest.count >= size + 2 else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard rest.prefix(2).elementsEqual([0x0D, 0x0A]) else { return nil }
            rest = rest.dropFirst(2)
            if size == 0 { return rest.isEmpty ? body : nil }
        }
        return nil
    }

    /// Takes the first response from the bytes; nil until it is complete.
    ///
    /// `toHead`: it answers a HEAD.
    static func take(from bytes: inout [UInt8], toHead: Bool) -> WireResponse? {
        let separator = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4,
            let end = (0...bytes.count - 4).first(where: { bytes[$0..<$0 + 4].elementsEqual(separator) })
        else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        var headers = HeaderFields()
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers.add(String(line[..<colon]), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        let isBodyless = toHead || status < 200 || status == 204 || status == 304
        let count = isBodyless ? 0 : headers["Content-Length"].flatMap { Int($0) } ?? 0
        guard bytes.count >= end + 4 + count else { return nil }
        let body = Array(bytes[end + 4..<end + 4 + count])
        bytes.removeFirst(end + 4 + count)
        return WireResponse(status: status, headers: headers, body: body)
    }
}
