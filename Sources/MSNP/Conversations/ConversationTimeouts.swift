/// How long conversations wait, each with its source; protocol.md 15 unless said otherwise.
package struct ConversationTimeouts: Equatable, Sendable {
    /// Connecting to a switchboard and being let in: cookies are short-lived.
    package var entering: Duration = .seconds(15)
    /// From `CAL` to `JOI`; an unanswered ring gives no word at all (protocol.md 21.1).
    package var joining: Duration = .seconds(15)
    /// The same for somebody who is with us in another switchboard: clients answer calls at once, and whose does not is spoken
    /// to there.
    package var joiningFromBeside: Duration = .seconds(3)
    /// From a message to its `ACK` (design: 2.5).
    package var acknowledgement: Duration = .seconds(5)
    /// The same at a backend that has ignored several (design: 2.5).
    package var hopelessAcknowledgement: Duration = .seconds(1)
    /// Between two commands on one connection, unless the first is answered sooner; nil where a server copes with more at once.
    package var pause: Duration?
    /// From the last piece of a message in several to the next: they come in one go, and a slow line takes seconds.
    package var assembly: Duration = .seconds(15)
    /// Without a word in it, until we leave a switchboard; the conversation goes on.
    package var idle: Duration = .seconds(300)
    /// From our `OUT` until we close ourselves (protocol.md 8.3).
    package var goodbye: Duration = .seconds(1)
    /// From our coming into a switchboard that somebody else has opened until whoever they bring with them is there too: clients
    /// call everybody at once, and who is called comes at once.
    package var settling: Duration = .seconds(3)
    /// For which the calls that are answered are counted.
    package var callWindow: Duration = .seconds(60)
    /// Between two typing notifications of ours (protocol.md 9.4).
    package var typing: Duration = .seconds(5)
    /// From 280 or 281 to the one repetition of `XFR` (protocol.md 2.6).
    package var transferRetry: Duration = .seconds(2)

    package init() {}
}
