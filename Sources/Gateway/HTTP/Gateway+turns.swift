package import HTTPFront
import Logging

extension Gateway {
    /// Counts the turn and logs what took its time.
    package func noteLongTurn(_ turn: LongTurn) {
        var metadata: Logger.Metadata = [
            "milliseconds": "\(turn.duration.wholeMilliseconds)", "part": "\(turn.part)",
            "partMilliseconds": "\(turn.partDuration.wholeMilliseconds)",
        ]
        // Not the path, which names sessions and people.
        if let name = turn.slowest.flatMap({ router.name(of: $0) }) { metadata["route"] = "\(name)" }
        longTurns.note(metadata)
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int { Int(self / .milliseconds(1)) }
}
