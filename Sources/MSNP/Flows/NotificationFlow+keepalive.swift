extension NotificationFlow {
    /// We have sent something, so no ping is needed for a while.
    func keepaliveRestarted() -> [FlowAction] {
        guard case .online = phase else { return [] }
        return [.start(.keepalive, timeouts.keepalive)]
    }

    mutating func ping() -> [FlowAction] {
        guard !commands.forbidden.contains(OptionalCommand.ping.rawValue) else { return [] }
        switch keepalive {
        case .none: return []
        case .auto where !keepaliveTraits.isDisjoint(with: [.closesOnPing, .ignoresPing]): return []
        // Another ping would put off the end of the wait for this one.
        case .auto where awaitsPong, .ping where awaitsPong: return [.start(.keepalive, timeouts.keepalive)]
        case .auto, .ping:
            awaitsPong = true
            heardSincePing = false
            return [
                .send(.ping), .start(.keepalive, timeouts.keepalive), .start(.pong, timeouts.pong),
            ]
        }
    }

    /// Silence after a ping means death only at backends that are known to answer pings (docs/protocol.md#keepalive).
    mutating func pongOverdue() -> [FlowAction] {
        awaitsPong = false
        if keepaliveTraits.contains(.answersPing) { return end(.connectionLost) }
        // It is alive and ignores pings.
        return heardSincePing ? [.learn(.keepalive(.ignoresPing))] : []
    }
}

/// When a session pings its backend (docs/protocol.md#keepalive).
package enum KeepaliveMode: String, CaseIterable, Sendable {
    /// Ping, and stop when the backend closes on pings or ignores them.
    case auto
    /// Ping whatever happens.
    case ping
    /// Leave it to TCP.
    case none
}

/// What a backend was seen to do on `PNG`.
package enum KeepaliveTrait: Hashable, Sendable {
    /// It has answered a ping in this process, so silence means death.
    case answersPing
    /// It closed on a ping, so it is sent no more.
    case closesOnPing
    /// It did not answer a ping although other traffic came, so it is sent no more.
    case ignoresPing
}
