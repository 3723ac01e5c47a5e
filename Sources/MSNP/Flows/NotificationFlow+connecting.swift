extension NotificationFlow {
    mutating func enter(_ next: Phase) -> [FlowAction] {
        let before = state
        phase = next
        guard state != before, state != .ended else { return [] }
        // The server sent us on: as far as this connection goes, it has closed it.
        if state == .reconnecting { return [.emit(.reconnecting(.serverClosed, after: nil))] }
        return [.emit(.state(state))]
    }

    /// Connects, once it is our turn to sign in; a referral in the middle of a sign-in still has it.
    mutating func connect(to address: ServerAddress) -> [FlowAction] {
        visited.append(address)
        isUnprovenReferral = address != dispatch
        let isBeginning = if case .idle = phase { true } else { false }
        let next = hasTurn ? Phase.connecting : .queued(address)
        // A first connection has no state before it that differs.
        let announcement: [FlowAction] = isBeginning ? [.emit(.state(.connecting))] : enter(next)
        phase = next
        guard !hasTurn else { return announcement + [.connect(address)] }
        hasTurn = true
        return announcement + [.disconnect, .awaitTurn(isFirst: !hasBeenOnline)]
    }

    /// Follows a referral, unless referrals go round in circles.
    mutating func refer(to address: ServerAddress) -> [FlowAction] {
        // Twice is no loop yet: a server that is dispatch and notification server at once may name itself.
        guard visited.count <= WireLimits.referrals, visited.count(where: { $0 == address }) < 2 else {
            return end(.protocolError(.referralLoop))
        }
        // A server that is being emptied may send us away more than once, and each time it has let us in.
        if case .online = phase { moves += 1 }
        guard moves <= WireLimits.referrals else { return end(.protocolError(.referralLoop)) }
        earlyPresence = []
        let failures = failPending(.interrupted)
        return cancelTimers() + connect(to: address) + failures
    }

    /// `XFR 0 NS 0`: begin again from `VER`, on the same connection (protocol.md 2.6).
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
