/// What one read of a journal brought.
struct JournalPage: Sendable {
    var entries: [JournalEntry] = []
    /// Everything examined, what the filter left out too.
    var next: Cursor
    /// Whether more that matches is there already.
    var more = false

    /// The events as JSON.
    var events: [[UInt8]] { entries.map(\.json) }

    /// `{"events":[…],"next":"…","more":false}`, the events copied as they are.
    func encoded(ended: Bool) -> [UInt8] {
        Self.encoded(events, next: next.text, more: more, ended: ended)
    }

    /// The same for any kind of cursor.
    static func encoded(_ events: [[UInt8]], next: String, more: Bool, ended: Bool) -> [UInt8] {
        var bytes = Array(#"{"events":["#.utf8)
        bytes.reserveCapacity(events.reduce(128) { $0 + $1.count + 1 })
        for (index, event) in events.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += event
        }
        // A cursor has no character that JSON would escape.
        bytes += #"],"next":"\#(next)","more":\#(more)"#.utf8
        if ended { bytes += #","ended":true"#.utf8 }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
