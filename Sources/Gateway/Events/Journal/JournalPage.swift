/// What one read of a journal brought.
struct JournalPage: Sendable {
    var items: [Reading.Item] = []
    /// Everything examined, what the filter left out too.
    var next: Cursor
    /// Whether more that matches is there already.
    var more = false

    /// The events as JSON.
    var events: [[UInt8]] { items.map(\.entry.json) }

    /// `{"events":[…],"next":"…","more":false}`, the events copied as they are.
    func encoded(ended: Bool) -> [UInt8] { Self.encoded(items, next: next, more: more, ended: ended) }

    /// The same for any kind of cursor.
    static func encoded(_ items: [Reading.Item], next: Cursor, more: Bool, ended: Bool) -> [UInt8] {
        var json = JSONWriter(capacity: items.reduce(128) { $0 + $1.entry.size + 1 })
        json.object { json in
            json.member("events") { json in
                json.list { json in for item in items { json.item(encoded: item.entry.json) } }
            }
            json.member("next", next)
            json.member("more", more)
            json.member("ended", ended ? true : nil)
        }
        return json.bytes
    }
}
