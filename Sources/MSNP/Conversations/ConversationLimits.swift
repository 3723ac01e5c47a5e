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

/// How long conversations wait, each with its source; docs/protocol.md#time-outs unless said otherwise.
package struct ConversationTimeouts: Equatable, Sendable {
    /// Connecting to a switchboard and being let in: cookies are short-lived.
    package var entering: Duration = .seconds(15)
    /// From `CAL` to `JOI`; an unanswered ring gives no word at all (docs/protocol.md#calling).
    package var joining: Duration = .seconds(15)
    /// The same for somebody who is with us on another switchboard.
    ///
    /// Clients answer calls at once; where one does not, we speak to the person on the other switchboard.
    package var joiningFromBeside: Duration = .seconds(3)
    /// From a message to its `ACK` (docs/protocol.md#messages).
    package var acknowledgement: Duration = .seconds(5)
    /// The same at a backend that has ignored several (docs/protocol.md#messages).
    package var hopelessAcknowledgement: Duration = .seconds(1)
    /// Between two commands on one connection, unless the first is answered sooner; nil where a server copes with more at once.
    package var pause: Duration?
    /// From the last piece of a message in several to the next: they come in one go, and a slow line takes seconds.
    package var assembly: Duration = .seconds(15)
    /// Without a message, until we leave a switchboard; the conversation stays.
    package var idle: Duration = .seconds(300)
    /// From our `OUT` until we close ourselves (docs/protocol.md#leaving).
    package var goodbye: Duration = .seconds(1)
    /// After we answered a call, until the others whom the caller brings are there too: clients call everybody at once,
    /// and people who are called come at once.
    package var settling: Duration = .seconds(3)
    /// The window in which the calls that we answer are counted.
    package var callWindow: Duration = .seconds(60)
    /// Between two typing notifications of ours (docs/protocol.md#typing).
    package var typing: Duration = .seconds(5)
    /// From 280 or 281 to the one repetition of `XFR` (docs/protocol.md#calling).
    package var transferRetry: Duration = .seconds(2)

    package init() {}
}
