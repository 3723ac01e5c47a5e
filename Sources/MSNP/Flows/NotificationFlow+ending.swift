extension NotificationFlow {
    /// Ends this connection, and the session unless it can reconnect.
    ///
    /// The fact comes before the failures that follow from it, so that whoever hears of a failure finds the state that
    /// explains it.
    mutating func end(_ reason: SessionEnd) -> [FlowAction] {
        let reason = isUnprovenReferral ? reason.ofUnprovenReferral : reason
        let failures = failPending(.interrupted)
        // The connection is closed before the turn is given back, so that the server never sees more sign-ins than
        // there are turns.
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
            .signInStep, .doubtfulRefusal, .synchronization, .presenceSettling, .closeWatch, .keepalive, .pong,
            .stability, .reconnect, .displacement, .recovery, .steadiness,
            .goodbye,
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

extension SessionEnd {
    /// One reason for all cases: nobody listens where a referral leads, nobody answers, or something answers that is no
    /// MSN server.
    ///
    /// A backend must not learn through us what is there.
    fileprivate var ofUnprovenReferral: SessionEnd {
        switch self {
        // What we did ourselves, and what the referral itself says.
        case .signedOut, .protocolError(.referralLoop), .unreachable(.forbiddenAddress): self
        case .signedInElsewhere, .serverShutdown, .serverClosed, .connectionLost, .unstable, .unreachable, .refused,
            .noCommonVersion, .clientTooOld, .noSecurityPackage, .challengeFailed, .protocolError, .timedOut:
            .unreachable(.unusableReferral)
        }
    }
}
