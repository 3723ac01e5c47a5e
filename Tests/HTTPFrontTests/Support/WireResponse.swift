import HTTPFront

/// A response as it came over the wire.
struct WireResponse: Sendable {
    let status: Int
    let headers: HeaderFields
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

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
