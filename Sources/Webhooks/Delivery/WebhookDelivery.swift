/// What is to be done for one endpoint: a value, without sockets and clocks.
///
/// There is one attempt at a time, and nothing is queued: what waits is a position in the store, and of it the value knows
/// only that there is something. `now` is time that never jumps, since a moment that is the same for all calls.
///
///     eventsCame → send ─▶ ended(accepted, hasMore) → send …
///                  ended(failed) → wait(until) ─▶ timeCame → send …
///                                  disable(reason), after 410 or three days of failing
package struct WebhookDelivery: Equatable, Sendable {
    /// Where an endpoint stands.
    package enum State: Equatable, Sendable {
        /// There is nothing to send.
        case idle
        case inFlight
        /// The last attempt failed; the next one comes then.
        case waiting(until: Duration)
        case disabled(WebhookDisabledReason)
    }

    /// What the caller does next.
    package enum Action: Equatable, Sendable {
        /// Nothing, until something happens.
        case none
        /// Sends what is at the position; if nothing is there after all, `foundNothing` says so.
        case send
        /// Calls `timeCame` then.
        case wait(until: Duration)
        /// Writes down that it is disabled, and says so.
        case disable(WebhookDisabledReason)
    }

    /// What callers are shown.
    package enum Health: String, Sendable {
        case active
        case failing
        case disabled
    }

    /// How long an endpoint may fail: three days.
    ///
    /// Only time in which it was tried counts: neither that in which the process did not run, nor a clock that jumped.
    package static let patience: Duration = .seconds(3 * 24 * 3_600)

    package private(set) var state: State
    /// Attempts that have failed in a row.
    package private(set) var failures: Int
    /// How long it has been failing, as far as this and earlier processes saw it.
    package private(set) var failing: Duration
    /// When this process saw it fail last.
    private var failedAt: Duration?
    /// Whether an attempt is under way: one that was when it was disabled may outlive that, and its being enabled again.
    private var isInFlight = false

    /// One that begins with nothing to send.
    ///
    /// - Parameters:
    ///   - failures: attempts that failed in a row in an earlier process.
    ///   - failing: how long it failed in an earlier process.
    ///   - disabled: why it is disabled; nil where it is not.
    package init(failures: Int = 0, failing: Duration = .zero, disabled: WebhookDisabledReason? = nil) {
        self.failures = failures
        self.failing = failing
        state = disabled.map { .disabled($0) } ?? .idle
    }

    /// What callers are shown.
    package var health: Health {
        if case .disabled = state { .disabled } else { failures > 0 ? .failing : .active }
    }

    /// Something waits at the position; repeated calls do nothing more.
    package mutating func eventsCame() -> Action {
        state == .idle ? send() : .none
    }

    /// There was nothing to send, although it was said so: another reader's filter, or a gap that is known already.
    package mutating func foundNothing() {
        isInFlight = false
        if state == .inFlight { state = .idle }
    }

    /// The time of a wait has come; an earlier call, or one for a wait that is over, does nothing.
    package mutating func timeCame(at now: Duration) -> Action {
        guard case .waiting(let until) = state, now >= until else { return .none }
        return send()
    }

    /// The attempt in flight ended; with `isAccepted` the caller has moved the position on before it calls.
    ///
    /// - Parameters:
    ///   - hasMore: whether something waits at the position now.
    ///   - chance: uniformly from 0 up to 1.
    package mutating func ended(_ outcome: WebhookOutcome, hasMore: Bool, at now: Duration, chance: Double) -> Action {
        guard isInFlight else { return .none }
        isInFlight = false
        guard state == .inFlight else { return .none }
        if outcome.isAccepted {
            recover()
            state = .idle
            return hasMore ? send() : .none
        }
        switch outcome {
        case .cancelled:
            // The caller knows why, and says `eventsCame` where it goes on.
            state = .idle
            return .none
        case .answered(status: 410, _): return disabled(.gone)
        case .answered(_, let retryAfter): return failed(retryAfter, isTheirs: true, at: now, chance: chance)
        // What the gateway or its proxy lacks is no fault of the endpoint's.
        case .refusedByProxy: return failed(nil, isTheirs: false, at: now, chance: chance)
        case .failed(let failure):
            return failed(nil, isTheirs: failure != .unavailable && failure != .proxyFailed, at: now, chance: chance)
        }
    }

    /// Disables it; an attempt in flight may go on, and its end changes nothing here.
    package mutating func disable(_ reason: WebhookDisabledReason) { state = .disabled(reason) }

    /// Enables it, or has one that waits be tried at once; its failures are forgotten.
    package mutating func enable() -> Action {
        recover()
        guard !isInFlight else {
            state = .inFlight
            return .none
        }
        return send()
    }

    private mutating func send() -> Action {
        state = .inFlight
        isInFlight = true
        return .send
    }

    private mutating func recover() {
        failures = 0
        failing = .zero
        failedAt = nil
    }

    private mutating func failed(_ wish: Duration?, isTheirs: Bool, at now: Duration, chance: Double) -> Action {
        failures += 1
        if isTheirs, let failedAt { failing += max(now - failedAt, .zero) }
        failedAt = now
        if failing >= Self.patience { return disabled(.failingForThreeDays) }
        let until = now + WebhookBackoff.delay(failures: failures, wish: wish, chance: chance)
        state = .waiting(until: until)
        return .wait(until: until)
    }

    private mutating func disabled(_ reason: WebhookDisabledReason) -> Action {
        state = .disabled(reason)
        return .disable(reason)
    }
}

/// Why nothing is sent to an endpoint; the raw value is what callers see, and what is kept.
package enum WebhookDisabledReason: String, Sendable {
    /// It answered 410: it does not want them any more.
    case gone
    /// It failed for `WebhookDelivery.patience`.
    case failingForThreeDays
    /// Its secret could not be kept across a restart: rotating it enables it.
    case secretNotKept
    /// Whoever owns it said so.
    case byOwner
}
