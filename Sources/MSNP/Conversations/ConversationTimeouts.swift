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
