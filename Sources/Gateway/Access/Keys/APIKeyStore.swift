import Locking
package import Logging
import MSNPClient

/// The API keys that count, which follow what is kept.
///
/// What is kept is looked at when a key is used and, for as long as somebody watches, by a timer, so that a revocation
/// needs no call to take effect. Keys that can't be read change nothing: the ones read before stay.
package final class APIKeyStore: Sendable {
    private struct State: Sendable {
        var list: APIKeyList
        /// Of what was last read, or failed to be.
        var stamp: APIKeyStamp
        var lookedAt: Duration
        var isLooking = false
        var observer: (@Sendable (APIKeyList) -> Void)?
        var next: ScheduledWork?
        /// When each key was used last, by its ID.
        var lastUses: [String: Timestamp] = [:]
    }

    /// A key, and when it was used last.
    struct KeyInUse: Sendable {
        let record: APIKeyRecord
        /// Nil for one that nobody has used since the gateway was started.
        let lastUsedAt: Timestamp?
    }

    /// How old what is known of the keys may be.
    package static let usualInterval: Duration = .seconds(1)
    /// The same for a key that is not known, which may have been made a moment ago; guessing costs no more than a glance.
    private static let intervalAfterMiss: Duration = .milliseconds(50)

    private let source: any APIKeySource
    private let logger: Logger
    private let clock: GatewayClock
    private let interval: Duration
    private let state: Locked<State>

    /// Reads the keys; throws `APIKeySourceError` when it can't: a gateway does not start with keys that it can't know.
    package init(
        _ source: any APIKeySource, logger: Logger, clock: GatewayClock = .system,
        interval: Duration = APIKeyStore.usualInterval
    ) throws(APIKeySourceError) {
        let snapshot = try source.read()
        self.source = source
        self.logger = logger
        self.clock = clock
        self.interval = interval
        state = Locked(
            State(
                list: snapshot?.list ?? APIKeyList(), stamp: snapshot?.stamp ?? APIKeyStamp(),
                lookedAt: clock.uptime()))
    }

    // MARK: - Using

    /// Whether there are no keys, as far as is known.
    var isEmpty: Bool {
        look(ifOlderThan: interval)
        return state.withLock { $0.list.isEmpty }
    }

    /// The keys as they were read last.
    var list: APIKeyList { state.withLock { $0.list } }

    /// All keys, in the order in which they were made.
    var inUse: [KeyInUse] {
        look(ifOlderThan: interval)
        return state.withLock { state in
            state.list.keys.map { KeyInUse(record: $0, lastUsedAt: state.lastUses[$0.id]) }
        }
    }

    /// The key with that digest, which is in use with this.
    func find(_ digest: TokenDigest) -> APIKeyRecord? {
        look(ifOlderThan: interval)
        if let key = use(digest) { return key }
        look(ifOlderThan: Self.intervalAfterMiss)
        return use(digest)
    }

    private func use(_ digest: TokenDigest) -> APIKeyRecord? {
        guard let key = state.withLock({ $0.list }).find(digest) else { return nil }
        let now = clock.now
        // Of a key that was revoked meanwhile nobody sees it, and the next list drops it.
        state.withLock { $0.lastUses[key.id] = now }
        return key
    }

    // MARK: - Watching

    /// Looks again and again, and tells what the keys are after each look and each change, on whatever thread that is.
    ///
    /// Told anew and not only of changes, so that what slipped in during a change is found by the next look.
    func watch(on loop: any SessionLoop, _ observer: @escaping @Sendable (APIKeyList) -> Void) {
        state.withLock { $0.observer = observer }
        scheduleLook(loop)
    }

    /// Ends the watching.
    func stopWatching() {
        let next = state.withLock { state in
            state.observer = nil
            return state.next
        }
        next?.cancel()
    }

    private func scheduleLook(_ loop: any SessionLoop) {
        state.withLock { state in
            guard state.observer != nil else { return }
            state.next = loop.after(interval) { [weak self] in
                guard let self else { return }
                look()
                tell()
                scheduleLook(loop)
            }
        }
    }

    private func tell() {
        let (observer, list) = state.withLock { ($0.observer, $0.list) }
        observer?(list)
    }

    // MARK: - Looking

    /// Takes over what is kept now; what another thread is taking over at this moment is left to it.
    package func look() { look(ifOlderThan: .zero) }

    /// Takes over what is kept now, also where nothing seems to have changed: what is wrong with it is said again.
    package func reread() {
        // No source has it.
        state.withLock { $0.stamp = APIKeyStamp([.min]) }
        look()
    }

    /// The files are looked at without the lock, so that calls go on with what is known.
    private func look(ifOlderThan age: Duration) {
        let now = clock.uptime()
        let known: APIKeyStamp? = state.withLock { state in
            guard !state.isLooking, now - state.lookedAt >= age else { return nil }
            state.isLooking = true
            state.lookedAt = now
            return state.stamp
        }
        guard let known else { return }
        let stamp = source.stamp()
        guard stamp != known else { return state.withLock { $0.isLooking = false } }
        do throws(APIKeySourceError) {
            try takeOver(source.read(), stamp)
        } catch {
            // Noted as seen, so that it is said once and not each second.
            state.withLock { state in
                state.stamp = stamp
                state.isLooking = false
            }
            logger.error("can't read the API keys; those read before stay", metadata: ["detail": "\(error)"])
        }
    }

    private func takeOver(_ snapshot: APIKeySnapshot?, _ stamp: APIKeyStamp) throws(APIKeySourceError) {
        let list = snapshot?.list ?? APIKeyList()
        let before = try state.withLock { state throws(APIKeySourceError) in
            // Revoking the last key leaves an empty list. A file that is gone may be back in a moment.
            if snapshot == nil, !state.list.isEmpty {
                throw APIKeySourceError("they are gone; revoke keys one by one, or start anew without them")
            }
            let before = state.list
            state.list = list
            let kept = Set(list.keys.map(\.id))
            state.lastUses = state.lastUses.filter { kept.contains($0.key) }
            state.stamp = snapshot?.stamp ?? stamp
            state.isLooking = false
            return before
        }
        guard before != list else { return }
        logger.info("API keys changed", metadata: ["keys": "\(list.keys.count)"])
        tell()
    }
}
