/// How fast each session that a key opens may send messages, where its operator has said so.
package struct SendingPace: Hashable, Sendable {
    /// Messages a second that may be named: one worker of the gateway sends no more to all servers together.
    package static let perSecondBounds = 1...10_000
    /// Messages at once that may be named: what a bridge has when it was away for a day.
    package static let burstBounds = 1...100_000

    /// Messages a second for as long as it likes; nil for what every session may.
    package var perSecond: Int?
    /// Messages at once; nil for what every session may.
    package var burst: Int?

    /// Nil for a number that is out of its bounds.
    package init?(perSecond: Int?, burst: Int?) {
        guard perSecond.map(Self.perSecondBounds.contains) ?? true, burst.map(Self.burstBounds.contains) ?? true else {
            return nil
        }
        self.perSecond = perSecond
        self.burst = burst
    }

    /// What every session may.
    package init() {}

    /// Messages a second that count.
    package var messagesPerSecond: Int { perSecond ?? MessagingLimits.messagesPerSecond }

    /// Messages at once that count.
    package var messageBurst: Int { burst ?? MessagingLimits.messageBurst }

    /// Seconds, rounded up, in which as many can be sent again as at once.
    var window: Int { (messageBurst + messagesPerSecond - 1) / messagesPerSecond }

    /// The same with what another says of it.
    package func changed(by other: SendingPace) -> SendingPace {
        var pace = self
        if let perSecond = other.perSecond { pace.perSecond = perSecond }
        if let burst = other.burst { pace.burst = burst }
        return pace
    }
}

extension SendingPace: CustomStringConvertible {
    /// Both numbers that count, for people.
    package var description: String { "\(messagesPerSecond)/s, \(messageBurst) at once" }
}
