extension NotificationFlow {
    /// This connection is done with; the session too, unless it can come back.
    ///
    /// The fact comes before the failures that follow from it: who hears of a failure finds the state that explains it.
    mutating func end(_ reason: SessionEnd) -> [FlowAction] {
        let failures = failPending(.interrupted)
        // The connection goes before the turn, so that the server never sees more sign-ins than there are turns.
        let rest = cancelTimers() + [.disconnect] + returnTurn()
        if comesBack(after: reason) { return rest + wait(after: reason) + failures }
        phase = .ended
        return rest + [.emit(.ended(reason))] + failures + [.close]
    }

    /// Gives the backend's turn to the next session.
    mutating func returnTurn() -> [FlowAction] {
        guard hasTurn else { return [] }
        hasTurn = false
        return [.returnTurn]
    }

    func cancelTimers() -> [FlowAction] {
        [
            .signInStep, .doubtfulRefusal, .synchronization, .presenceSettling, .suspicion, .keepalive, .pong,
            .stability, .reconnect, .displacement, .recovery, .goodbye,
        ]
        .map(FlowAction.cancel)
    }

    mutating func failPending(_ failure: RequestFailure) -> [FlowAction] {
        defer {
            pending = [:]
            searches = [:]
        }
        return pending.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { transaction, pending -> [FlowAction] in
            switch pending {
            case .request(let id, let request):
                noteOutcome(of: request, nil)
                return [.cancel(.request(transaction)), .complete(id, .failure(failure))]
            case .challengeAnswer, .restoredName: return [.cancel(.request(transaction))]
            }
        }
    }
}
