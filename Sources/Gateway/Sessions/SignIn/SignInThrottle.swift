/// Slows down the guessing of passwords, whoever guesses: one source at one account, many sources at one account, and
/// one source at many accounts.
///
/// A value: times come in, decisions come out. Three counts do it.
///
/// * An account and a source: after a few failures each next attempt waits twice as long as the one before.
/// * An account over all addresses, and a source over all accounts: beyond what people mistype, whoever is new to the
///   account is given a turn some seconds from now. The turn is theirs and waits for them; what others do meanwhile
///   changes nothing of it, so that nobody can be kept out. A source whose turns are all given out for the next seconds
///   gets none, and that is its own doing, or that of somebody with the same address.
/// * Sign-ins that come to nothing for whatever reason, so that no source makes the gateway run a backend over.
///
/// A source that the account has signed in from is held up by nothing but what it did itself with that account.
struct SignInThrottle: Sendable {
    private typealias Limits = SignInThrottleLimits

    private struct Pair: Sendable {
        var failures = 0
        var last: Duration
        /// Before this nothing is tried.
        var blockedUntil: Duration = .zero
        /// From when it may go ahead although others have failed; used up by its next failure.
        var turn: Duration?
    }

    private struct Source: Sendable {
        var failures = FadingCount()
        var attempts = FadingCount()
        /// When its next turn can be.
        var nextTurn: Duration = .zero
    }

    /// Sources that an account has signed in from, the latest last, and what they tried in vain since.
    private struct Known: Sendable {
        var sources: [(source: SignInSource, attempts: FadingCount)] = []
    }

    private var pairs = RecentTable<SignInAttempt, Pair>(most: Limits.pairs)
    private var accounts = RecentTable<SignInAccount, FadingCount>(most: Limits.accounts)
    private var sources = RecentTable<SignInSource, Source>(most: Limits.sources)
    private var known = RecentTable<SignInAccount, Known>(most: Limits.knownAccounts)

    /// Entries of all tables.
    var count: Int { pairs.count + accounts.count + sources.count + known.count }

    // MARK: - Deciding

    /// How long the attempt has to wait; zero when it may go ahead.
    mutating func delay(for attempt: SignInAttempt, now: Duration) -> Duration {
        let pair = pair(attempt, now)
        let own = max(.zero, (pair?.blockedUntil ?? .zero) - now)
        if let place = knownPlace(of: attempt) {
            let known = known[attempt.account]?.sources[place].attempts ?? FadingCount()
            return max(own, known.wait(at: now, fading: Limits.attemptFading, below: Limits.knownAttempts))
        }
        let factor = attempt.source.factor
        let attempts = sources[attempt.source]?.attempts ?? FadingCount()
        let crowd = attempts.wait(at: now, fading: Limits.attemptFading / factor, below: Limits.attempts * factor)
        return max(own, crowd, wait(for: attempt, pair, now))
    }

    /// How long until it is the turn of somebody new.
    private mutating func wait(for attempt: SignInAttempt, _ pair: Pair?, _ now: Duration) -> Duration {
        if let turn = pair?.turn { return max(.zero, turn - now) }
        let forAccount = accountWait(attempt, now)
        guard let forSource = takeTurn(of: attempt.source, now) else { return Limits.longestTurn }
        let wait = max(forAccount, forSource)
        guard wait > .zero else { return .zero }
        pairs.change(attempt, from: Pair(last: now)) { pair in
            pair.last = now
            pair.turn = now + wait
        }
        return wait
    }

    /// Only addresses are slowed by what others do to an account: whom a key lets in is its owner's to say.
    private func accountWait(_ attempt: SignInAttempt, _ now: Duration) -> Duration {
        guard case .network = attempt.source, let count = accounts[attempt.account] else { return .zero }
        let excess = count.value(at: now, fading: Limits.accountFading) - Limits.freeForAccount
        guard excess >= 0 else { return .zero }
        return min(.seconds(1 << min(excess, 16)), Limits.longestTurn)
    }

    /// Zero for a source that is not beyond its limit, nil where no turn is left.
    private mutating func takeTurn(of source: SignInSource, _ now: Duration) -> Duration? {
        let factor = source.factor
        guard let known = sources[source],
            known.failures.value(at: now, fading: Limits.sourceFading / factor) >= Limits.freeForSource * factor
        else { return .zero }
        let turn = max(known.nextTurn, now + Limits.turnInterval / factor)
        guard turn - now <= Limits.longestTurn else { return nil }
        sources.change(source, from: Source()) { $0.nextTurn = turn + Limits.turnInterval / factor }
        return turn - now
    }

    // MARK: - Telling

    /// What the attempt's own doing leaves it: nothing of what others do to the account, which is not the caller's to know.
    mutating func limits(for attempt: SignInAttempt, now: Duration) -> [ServiceLimit] {
        let own = ownLimit(attempt, now)
        if let place = knownPlace(of: attempt) {
            let attempts = known[attempt.account]?.sources[place].attempts ?? FadingCount()
            return [own, attempts.limit(.signInAttempts, Limits.attemptFading, Limits.knownAttempts, now)]
        }
        let factor = attempt.source.factor
        let source = sources[attempt.source] ?? Source()
        return [
            own,
            source.failures.limit(
                .clientSignInFailures, Limits.sourceFading / factor, Limits.freeForSource * factor, now),
            source.attempts.limit(.signInAttempts, Limits.attemptFading / factor, Limits.attempts * factor, now),
        ]
    }

    /// The one that an attempt has to wait for so long.
    mutating func exceeded(by attempt: SignInAttempt, delay: Duration, now: Duration) -> ServiceLimit {
        let wait = delay.wholeSeconds
        // Of what is exceeded the one that is over last; a turn depends on what others do.
        return limits(for: attempt, now: now).first { $0.remaining == 0 && ($0.wait ?? 0) >= wait }
            ?? .reached(.signInTurn)
    }

    private mutating func ownLimit(_ attempt: SignInAttempt, _ now: Duration) -> ServiceLimit {
        let pair = pair(attempt, now)
        let failures = pair?.failures ?? 0
        let blocked = max(.zero, (pair?.blockedUntil ?? .zero) - now)
        var limit = ServiceLimit(
            name: .signInFailures, quota: Limits.free, window: Int(Limits.memory.components.seconds), remaining: 0)
        if blocked > .zero {
            limit.wait = blocked.wholeSeconds
        } else if failures >= Limits.free {
            // One more, and the next after a while.
            limit.remaining = 1
            limit.wait = Self.penalty(after: failures + 1).wholeSeconds
        } else {
            limit.remaining = Limits.free - failures
            if let pair, failures > 0 { limit.wait = (pair.last + Limits.memory - now).wholeSeconds }
        }
        return limit
    }

    /// What comes after so many failures: 1, 2, 4 … s.
    private static func penalty(after failures: Int) -> Duration {
        min(.seconds(1 << min(failures - Limits.free - 1, 16)), Limits.longest)
    }

    // MARK: - Learning

    /// A backend was asked, and nothing came of it, for whatever reason.
    ///
    /// What is under way does not count: that is bounded by how many sessions a source may have.
    mutating func recordVain(of attempt: SignInAttempt, now: Duration) {
        if let place = knownPlace(of: attempt) {
            known.change(attempt.account, from: Known()) {
                $0.sources[place].attempts.add(
                    at: now, fading: Limits.attemptFading, upTo: Limits.knownAttempts)
            }
            return
        }
        let factor = attempt.source.factor
        sources.change(attempt.source, from: Source()) {
            $0.attempts.add(at: now, fading: Limits.attemptFading / factor, upTo: Limits.attempts * factor)
        }
    }

    /// A password was wrong.
    mutating func recordFailure(of attempt: SignInAttempt, now: Duration) {
        let failures = (pair(attempt, now)?.failures ?? 0) + 1
        pairs.change(attempt, from: Pair(last: now)) { pair in
            pair.failures = failures
            pair.last = now
            pair.turn = nil
            if failures > Limits.free { pair.blockedUntil = now + Self.penalty(after: failures) }
        }
        guard knownPlace(of: attempt) == nil else { return }
        if case .network = attempt.source {
            accounts.change(attempt.account, from: FadingCount()) {
                $0.add(at: now, fading: Limits.accountFading, upTo: Limits.mostForAccount)
            }
        }
        let factor = attempt.source.factor
        sources.change(attempt.source, from: Source()) {
            $0.failures.add(at: now, fading: Limits.sourceFading / factor, upTo: Limits.mostForSource * factor)
        }
    }

    /// A password was right.
    mutating func recordSuccess(of attempt: SignInAttempt) {
        pairs.remove(attempt)
        let place = knownPlace(of: attempt)
        known.change(attempt.account, from: Known()) { known in
            var attempts = FadingCount()
            if let place { attempts = known.sources.remove(at: place).attempts }
            known.sources.append((attempt.source, attempts))
            if known.sources.count > Limits.knownSources { known.sources.removeFirst() }
        }
    }

    // MARK: - Looking up

    /// What is still held against the pair.
    private mutating func pair(_ attempt: SignInAttempt, _ now: Duration) -> Pair? {
        guard let known = pairs[attempt] else { return nil }
        guard now - known.last <= Limits.memory else {
            pairs.remove(attempt)
            return nil
        }
        return known
    }

    private func knownPlace(of attempt: SignInAttempt) -> Int? {
        known[attempt.account]?.sources.firstIndex { $0.source == attempt.source }
    }
}

extension SignInSource {
    /// How many addresses it is worth.
    fileprivate var factor: Int {
        switch self {
        case .network: 1
        case .key: SignInThrottleLimits.keyFactor
        }
    }
}
