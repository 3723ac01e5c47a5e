/// What the conversations of one session may hold, each with its reason.
package enum ConversationLimits {
    /// Conversations; beyond it the one that has been silent for longest is forgotten: more than one for each contact of
    /// the fullest account.
    package static let conversations = 1_000
    /// Switchboard connections, each of which is a socket: more than twice the conversations that anybody carries on.
    ///
    /// Beyond it the one that has been silent for longest is left.
    package static let switchboards = 512
    /// Of those, the switchboards to which one person has called us and where they still are; nobody honest has more.
    static let switchboardsOfOne = 64
    /// Payloads on one switchboard that wait for their `ACK`: some 400 KB, so that no socket's buffer grows beyond it.
    package static let unacknowledged = 256
    /// Bytes of text that wait for switchboards: a hundred of the longest messages.
    package static let queuedBytes = 8 << 20
    /// People whom one request brings together: later switchboards took more than thirty (docs/protocol.md#limits).
    package static let participants = 50
    /// People whom one switchboard may show us; others are not seen: four times as many as one request brings together.
    static let present = 200
    /// Calls of others that are answered in a `ConversationTimeouts.callWindow`; those beyond it are left to ring.
    ///
    /// As many as there may be switchboards, twice over: rooms that are silent make room for new ones.
    static let calls = 2 * switchboards
    /// Switchboards opened in a row for a conversation while nothing of its queue goes out; then the conversation
    /// fails.
    ///
    /// One, its replacement after an accident, and the same again.
    static let fruitlessOpenings = 4
    /// Calls back into a group, in a row, before anything goes out: four for each of the most people.
    static let fruitlessCalls = 4 * participants
    /// Messages in a row without an `ACK` that show a backend to send none (docs/protocol.md#messages).
    package static let ignoredMessages = 3
    /// Messages that are kept from before the switchboard has let us in.
    static let earlyMessages = 64
}
