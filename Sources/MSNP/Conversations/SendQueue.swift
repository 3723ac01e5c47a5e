/// The messages and invitations of a conversation that wait for a switchboard, in order.
///
/// Taking the first is cheap however many there are.
struct SendQueue: Sendable {
    enum Item: Sendable {
        case part(MessagePart)
        /// In its place among the messages: those before it are for the people who were there.
        case invite(RequestID, Handle)
    }

    private var items: [Item] = []
    private var start = 0

    var first: Item? { start < items.count ? items[start] : nil }
    var isEmpty: Bool { start == items.count }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func removeFirst() {
        start += 1
        if start >= 64, start * 2 >= items.count {
            items.removeFirst(start)
            start = 0
        }
    }

    /// Takes out all items.
    mutating func drain() -> [Item] {
        defer { (items, start) = ([], 0) }
        return Array(items[start...])
    }

    /// Takes out the messages that are for one person alone.
    mutating func takePrivate() -> [MessagePart] {
        var taken: [MessagePart] = []
        items = items[start...].filter { item in
            guard case .part(let part) = item, part.audience != nil else { return true }
            taken.append(part)
            return false
        }
        start = 0
        return taken
    }

    /// Puts payloads before everything else; returns the messages that they belong to, in order.
    mutating func prepend(_ parts: [MessagePart]) -> [OutgoingMessageID] {
        items.replaceSubrange(..<start, with: parts.map(Item.part))
        start = 0
        return parts.map(\.message).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// Whether an invitation for the person is waiting.
    func invites(_ folded: HandleKey) -> Bool {
        items[start...].contains { item in
            if case .invite(_, let handle) = item { handle.folded == folded } else { false }
        }
    }

    /// Takes out what is left of a message; returns how many bytes that was.
    mutating func remove(_ message: OutgoingMessageID) -> Int {
        var bytes = 0
        items = items[start...].filter { item in
            guard case .part(let part) = item, part.message == message else { return true }
            bytes += part.text.text.utf8.count
            return false
        }
        start = 0
        return bytes
    }
}
