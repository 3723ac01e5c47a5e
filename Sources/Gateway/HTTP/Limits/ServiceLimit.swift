/// What a caller may do of one kind, and how much of it is left, as `RateLimit-Policy` and `RateLimit` tell it
/// (draft-ietf-httpapi-ratelimit-headers-11, 3 and 4).
///
/// Told is what counts for the caller alone: how full the gateway is, and what others do, is nobody's business.
struct ServiceLimit: Sendable, Equatable {
    /// What callers know it by; the names stay.
    enum Name: String, Sendable, CaseIterable {
        case messages
        case changes
        case polls
        case streams
        case traces
        case sessions
        case connections
        /// Sign-ins of one account with a wrong password.
        case signInFailures = "sign-in-failures"
        /// The same of one client over all accounts that are new to it.
        case clientSignInFailures = "client-sign-in-failures"
        /// Sign-ins of one client that came to nothing, for whatever reason.
        case signInAttempts = "sign-in-attempts"
        /// When it is the turn of somebody who is new to an account.
        case signInTurn = "sign-in-turn"
        /// Calls with an `Idempotency-Key` that are not finished.
        case keyedCalls = "keyed-calls"
        case conversations
        /// Tests of one webhook.
        case tests
        /// What waits for its way out.
        case queue
        /// What the MSN server lets the account do.
        case server
    }

    /// What the quota counts (the draft, 3.1.2).
    enum Unit: String, Sendable {
        /// The default, which is not written.
        case requests
        case concurrentRequests = "concurrent-requests"
    }

    let name: Name
    /// Nil where it is somebody else's, or changes from one moment to the next.
    var quota: Int?
    var unit = Unit.requests
    /// Seconds in which the quota comes back; nil where it has none.
    var window: Int?
    var remaining: Int
    /// Seconds within which no more than what remains can be used; nil where time alone brings nothing back.
    var wait: Int?

    /// So many at one time.
    static func concurrent(_ name: Name, used: Int, of quota: Int) -> ServiceLimit {
        ServiceLimit(name: name, quota: quota, unit: .concurrentRequests, remaining: max(0, quota - used))
    }

    /// Reached, as far as the caller can know: what it may be is not the gateway's to say.
    static func reached(_ name: Name) -> ServiceLimit { ServiceLimit(name: name, remaining: 0) }
}

extension ServiceLimit {
    /// The item of `RateLimit-Policy`; nothing where the quota is not known.
    func writePolicy(to bytes: inout [UInt8]) {
        guard let quota else { return }
        writeName(to: &bytes)
        Self.write(";q=", quota, to: &bytes)
        if unit != .requests {
            bytes.append(contentsOf: ";qu=\"".utf8)
            bytes.append(contentsOf: unit.rawValue.utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        if let window { Self.write(";w=", window, to: &bytes) }
    }

    /// The item of `RateLimit`.
    func writeState(to bytes: inout [UInt8]) {
        writeName(to: &bytes)
        Self.write(";r=", remaining, to: &bytes)
        if let wait { Self.write(";t=", wait, to: &bytes) }
    }

    private func writeName(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.rawValue.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Digits of numbers that callers meet are few, and such a string is no object of its own.
    private static func write(_ parameter: String, _ number: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: parameter.utf8)
        bytes.append(contentsOf: String(number).utf8)
    }
}
