/// What the conversations of one session may hold, each with its reason.
package enum ConversationLimits {
    /// Conversations; beyond it the one that has been silent for longest is forgotten: more than one for each contact of
    /// the fullest account.
    package static let conversations = 1_000
    /// Switchboard connections, each of which is a socket: more than twice the conversations that anybody carries on.
    ///
    /// Beyond it the one that has been silent for longest is left.
    package static let switchboards = 512
    /// Of those, the ones to which one person has called us and where they still are; somebody with more is up to no good.
    static let switchboardsOfOne = 64
    /// Payloads on one switchboard that wait for their `ACK`: some 400 KB, so that no socket's buffer grows beyond it.
    package static let unacknowledged = 256
    /// Bytes of text that wait for switchboards: a hundred of the longest messages.
    package static let queuedBytes = 8 << 20
    /// People whom one request brings together: later switchboards took more than thirty (protocol.md 1.7).
    package static let participants = 50
    /// Messages in a row without an `ACK` that show a backend to send none (design: 2.5).
    package static let ignoredMessages = 3
    /// What people say before the switchboard has said that we are in.
    static let earlyMessages = 64
}
