import ByteText

/// Puts together messages that later clients send in several `MSG`s, for one switchboard (docs/protocol.md#chunks).
///
///     Message-ID: {1C7E2F93-8E0B-4B4B-9E5A-3F6D2B7A0C11}
///     Chunks: 3
///
/// The first piece has the headers of the whole and the number of pieces; each other one names its place. Bytes are
/// joined, not texts, because a piece may end in the middle of a character. A value without a clock: the caller gives
/// up what is not complete in time.
package struct MessageAssembly: Sendable {
    /// The sender, and the name of the message.
    package struct Key: Hashable, Sendable {
        let sender: HandleKey
        let id: ByteText
    }

    /// The outcome of a piece, or of a message in one piece.
    enum Result: Equatable, Sendable {
        /// Complete; the wait for the pieces under that key is over.
        case whole(MIMEPayload, Key?)
        /// More pieces have to come; `begins` with the first one.
        case waits(Key, begins: Bool)
        /// A piece of an unknown message.
        case stray
    }

    private struct Pending: Sendable {
        let member: ListMember
        let first: MIMEPayload
        let count: Int
        /// By their place, the first one's 0.
        var bodies: [Int: [UInt8]]
        var bytes: Int
    }

    /// Pieces of one message: a text of the largest size that any client sends, in the smallest pieces seen.
    static let pieces = 256
    /// Incomplete messages on one switchboard: a few people who talk at once.
    static let messages = 16
    /// Bytes of all incomplete messages on one switchboard: four of the longest texts.
    static let bytes = 256 * 1024
    /// Bytes in the name of a message, which is a GUID in braces.
    static let identifier = 64

    private var pending: [Key: Pending] = [:]
    private var bytes = 0

    /// The incomplete messages, in no order.
    var waiting: [Key] { Array(pending.keys) }

    /// Takes a payload; a message in one piece, and a piece that breaks the rules, is complete at once.
    ///
    /// The first piece of a message that is beyond a limit is complete at once too, marked as incomplete: no other piece will be
    /// joined to it.
    mutating func take(_ payload: MIMEPayload, from member: ListMember) -> Result {
        let count = payload.number("Chunks").flatMap { $0 > 1 ? $0 : nil }
        // If no other piece can be joined to it.
        let alone = count == nil ? payload : MIMEPayload(payload, body: payload.body, isIncomplete: true)
        guard let name = payload.text("Message-ID"), name.utf8.count <= Self.identifier else {
            return .whole(alone, nil)
        }
        let key = Key(sender: Handle.fold(member.handle), id: ByteText(name))
        if let count {
            guard count <= Self.pieces, pending[key] == nil, pending.count < Self.messages,
                bytes + payload.body.count <= Self.bytes
            else { return .whole(alone, nil) }
            pending[key] = Pending(
                member: member, first: payload, count: Int(count), bodies: [0: payload.body], bytes: payload.body.count)
            bytes += payload.body.count
            return .waits(key, begins: true)
        }
        guard let place = payload.number("Chunk") else { return .whole(payload, nil) }
        guard var message = pending[key], (1..<Int64(message.count)).contains(place), message.bodies[Int(place)] == nil,
            bytes + payload.body.count <= Self.bytes
        else { return .stray }
        message.bodies[Int(place)] = payload.body
        message.bytes += payload.body.count
        bytes += payload.body.count
        pending[key] = message
        guard message.bodies.count == message.count, let whole = giveUp(key) else { return .waits(key, begins: false) }
        return .whole(whole.payload, key)
    }

    /// Gives a message up: returns its sender and what has come up to the first missing piece.
    ///
    /// Nil when there is none of that key.
    mutating func giveUp(_ key: Key) -> (member: ListMember, payload: MIMEPayload)? {
        guard let message = pending.removeValue(forKey: key) else { return nil }
        bytes -= message.bytes
        var body: [UInt8] = []
        var place = 0
        while let next = message.bodies[place] {
            body += next
            place += 1
        }
        return (message.member, MIMEPayload(message.first, body: body, isIncomplete: place < message.count))
    }
}
