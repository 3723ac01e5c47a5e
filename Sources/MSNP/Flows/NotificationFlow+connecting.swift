extension NotificationFlow {
    mutating func enter(_ next: Phase) -> [FlowAction] {
        let before = state
        phase = next
        guard state != before, state != .ended else { return [] }
        // The server referred us to another: it has closed this connection.
        if state == .reconnecting { return [.emit(.reconnecting(.serverClosed, after: nil))] }
        return [.emit(.state(state))]
    }

    /// Connects, once it is our turn to sign in.
    ///
    /// A session that is referred in the middle of a sign-in still has its turn.
    mutating func connect(to address: ServerAddress) -> [FlowAction] {
        visited.append(address)
        isUnprovenReferral = address != dispatch
        let isBeginning = if case .idle = phase { true } else { false }
        let next = hasTurn ? Phase.connecting : .queued(address)
        // Before the first connection there is no other state.
        let announcement: [FlowAction] = isBeginning ? [.emit(.state(.connecting))] : enter(next)
        phase = next
        guard !hasTurn else { return announcement + [.connect(address)] }
        hasTurn = true
        return announcement + [.disconnect, .awaitTurn(isAwaited: !hasBeenOnline || isHurried)]
    }

    /// Follows a referral, unless referrals go in circles.
    mutating func refer(to address: ServerAddress) -> [FlowAction] {
        // Twice is no circle yet: a server that is both dispatch and notification server may name itself.
        guard visited.count <= WireLimits.referrals, visited.count(where: { $0 == address }) < 2 else {
            return end(.protocolError(.referralLoop))
        }
        // A server that is being emptied may refer us more than once, and each time another has let us in.
        if case .online = phase { moves += 1 }
        guard moves <= WireLimits.referrals else { return end(.protocolError(.referralLoop)) }
        earlyPresence = []
        let failures = failPending(.interrupted)
        return cancelTimers() + connect(to: address) + failures
    }

    /// `XFR 0 NS 0`: begin again from `VER`, on the same connection (docs/protocol.md#referrals).
    mutating func restart() -> [FlowAction] {
        restarts += 1
        guard restarts <= WireLimits.referrals else { return end(.protocolError(.referralLoop)) }
        earlyPresence = []
        let failures = failPending(.interrupted)
        var signIn = SignIn(offer)
        let action = signIn.begin(&counter)
        return cancelTimers() + enter(.signingIn(signIn)) + failures + carryOut(action, signIn)
    }
}
