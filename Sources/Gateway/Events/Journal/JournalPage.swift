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
        var json = JSONWriter(capacity: events.reduce(128) { $0 + $1.count + 1 })
        json.object { json in
            json.member("events") { json in json.list { json in for event in events { json.item(encoded: event) } } }
            json.member("next", next)
            json.member("more", more)
            json.member("ended", ended ? true : nil)
        }
        return json.bytes
    }
}
