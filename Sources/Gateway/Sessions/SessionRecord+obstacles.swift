import MSNP

/// What a session is in the way of, by its state alone.
extension SessionRecord {
    /// Why its server can't be asked anything: 409 `session-ended` once it has ended, 503 while there is none; nil while it is
    /// online.
    func obstacle(at uptime: Duration) -> Problem? {
        endProblem ?? (state == .online ? nil : notOnline(at: uptime))
    }

    /// 409 `session-ended`; nil while it lives.
    var endProblem: Problem? {
        guard hasEnded else { return nil }
        var problem = Problem(.sessionEnded, "The session has ended; sign in again for a new one.")
        problem.reason = (reason ?? .signedOut).rawValue
        return problem
    }

    /// 503 for what needs a server, with the seconds until the next attempt to come back.
    func notOnline(at uptime: Duration) -> Problem {
        let problem = Problem(
            .reconnecting,
            state == .reconnecting
                ? "The session is reconnecting to its server." : "The session is still signing in.")
        return problem.retrying(after: (retryUptime ?? uptime) - uptime)
    }
}
