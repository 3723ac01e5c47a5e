extension NotificationFlow {
    /// This connection is done with; the session too, unless it can come back.
    mutating func end(_ reason: SessionEnd) -> [FlowAction] {
        let failures = failPending(.interrupted)
        let rest = cancelTimers() + returnTurn()
        if mayComeBack(after: reason) { return failures + rest + [.disconnect] + wait(after: reason) }
        phase = .ended
        return failures + rest + [.emit(.ended(reason)), .close]
    }

    /// Gives the backend's turn to the next session.
    mutating func returnTurn() -> [FlowAction] {
        guard hasTurn else { return [] }
        hasTurn = false
        return [.returnTurn]
    }

    func cancelTimers() -> [FlowAction] {
        [
            .signInStep, .doubtfulRefusal, .synchronization, .presenceSettling, .keepalive, .pong, .stability,
            .reconnect, .displacement, .recovery, .goodbye,
        ]
        .map(FlowAction.cancel)
    }

    mutating func failPending(_ failure: RequestFailure) -> [FlowAction] {
        defer { pending = [:] }
        return pending.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { transaction, pending -> [FlowAction] in
            switch pending {
            case .request(let id, _): [.cancel(.request(transaction)), .complete(id, .failure(failure))]
            case .challengeAnswer, .restoredName: [.cancel(.request(transaction))]
            }
        }
    }
}
