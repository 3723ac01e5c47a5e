/// Server-sent events as text (WHATWG HTML, 9.2): what a stream's body is made of.
enum EventStreamText {
    /// What keeps a silent connection: proxies cut those that are, and dead clients are noticed.
    static let comment = Array(":\n\n".utf8)

    /// Moves the reader's position without an event: where a filter has left out what was in between.
    static func comment(at id: String) -> [UInt8] { Array(":\nid: \(id)\n\n".utf8) }

    /// One event; `data` has no line end, as the API's JSON never has.
    static func append(_ type: String, id: String? = nil, _ data: [UInt8], to text: inout [UInt8]) {
        if let id { text += "id: \(id)\n".utf8 }
        text += "event: \(type)\ndata: ".utf8
        text += data
        text += "\n\n".utf8
    }

    /// Tells a reader what it missed; `oldest` is where it goes on.
    static func append(_ gap: GapNotice, to text: inout [UInt8]) {
        append("gap", id: gap.oldest, JSONWriter.bytes(of: gap), to: &text)
    }
}
