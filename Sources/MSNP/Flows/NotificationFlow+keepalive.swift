extension NotificationFlow {
    /// Traffic of ours makes a ping unnecessary for a while.
    func keepaliveRestarted() -> [FlowAction] {
        guard case .online = phase else { return [] }
        return [.start(.keepalive, timeouts.keepalive)]
    }

    mutating func ping() -> [FlowAction] {
        guard !commands.forbidden.contains(OptionalCommand.ping.rawValue) else { return [] }
        switch keepalive {
        case .none: return []
        case .auto where !keepaliveTraits.isDisjoint(with: [.closesOnPing, .ignoresPing]): return []
        // Asking again would put off the answer to whether it is dead.
        case .auto where awaitsPong, .ping where awaitsPong: return [.start(.keepalive, timeouts.keepalive)]
        case .auto, .ping:
            awaitsPong = true
            heardSincePing = false
            return [
                .send(.ping), .start(.keepalive, timeouts.keepalive), .start(.pong, timeouts.pong),
            ]
        }
    }

    /// Silence after a ping is death only where pings are known to be answered (design: section 5).
    mutating func pongOverdue() -> [FlowAction] {
        awaitsPong = false
        if keepaliveTraits.contains(.answersPing) { return end(.connectionLost) }
        // It lives and does not care for pings.
        return heardSincePing ? [.learn(.keepalive(.ignoresPing))] : []
    }
}
