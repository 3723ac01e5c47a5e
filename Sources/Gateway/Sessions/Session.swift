import Digests
import Encodings
import Locking
import Logging
import MSNP
import MSNPClient
import Storage
import Synchronization

/// One session as HTTP sees it: what is known, what happened, who waits for more.
///
/// Facts come from the session's event loop, reads from the HTTP loops. One lock guards it all; it is held for as long as
/// it takes to read or to write something down, and never while anybody else's code runs.
final class Session: Sendable {
    let id: String
    let createdAt: Timestamp
    /// The same as an uptime, by which sessions are ordered.
    let openedAt: Duration
    let owner: Owner
    /// The account as it was typed.
    let account: String
    /// The same folded: what makes two sign-ins the same.
    let accountKey: HandleKey
    /// Where it was opened from.
    let openedFrom: ClientAddress
    let backend: Backend
    let environment: SessionEnvironment
    /// Where it lives, and what is owed there.
    let owed: Owed
    /// Of the journal, by which its cursors are known.
    let epoch: String
    let readers = Readers()
    /// What few sessions need is made when they do: 0.5 kB less in each of the others.
    let madeOutbox = MadeOnce<Outbox>()
    let madeEdits = MadeOnce<ContactEdits>()
    let madeTraces = MadeOnce<Traces>()
    /// Where the frames of its connections can be watched.
    let tap = WireTap()
    /// Whether somebody's device keeps a token of it.
    let kept = Atomic(false)
    /// Whether a sign-in was ever to bring it back.
    let wasRevived = Atomic(false)
    let state: Locked<State>
    /// The uptime in milliseconds at which somebody last used it.
    let lastUse: Atomic<Int64>

    struct State: Sendable {
        /// Erased once the session has ended; another takes its place when it is revived.
        var password: Secret
        /// Bytes of the journal that the budget for all knows of.
        var countedBytes = 0
        var record: SessionRecord
        var client: NotificationSession?
        var lastReceivedAt: Int64 = 0
        /// Its place in its owner's feed, once it has one.
        var feedPlace: FeedPlace?
        var waiters = SignInWaiters()
        /// Counts the changes of the record, so that what was encoded from it can be kept.
        var changes: UInt64 = 0
        /// What the store has of it; nil while it has nothing, and where nothing outlives the process.
        var kept: KeptSession?
        /// The sign-in under way that may revive it; nil where there is none.
        var revival: Revival?
    }

    /// Random bytes in an ID: 95 bits, which nobody guesses.
    private static let idBytes = 12

    /// Whether a text has the form of an ID: so many letters, digits, hyphens and underscores.
    static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == (idBytes * 4 + 2) / 3
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    convenience init(
        account: Handle, owner: Owner, openedFrom: ClientAddress, backend: Backend, password: Secret,
        environment: SessionEnvironment
    ) {
        self.init(
            id: RandomName.make(byteCount: Self.idBytes), epoch: Cursor.makeEpoch(), createdAt: environment.clock.now,
            openedAt: environment.clock.uptime(), account: account.spelling, owner: owner, openedFrom: openedFrom,
            backend: backend, password: password, environment: environment)
    }

    /// A session of that name, which may have been there in another process.
    init(
        id: String, epoch: String, createdAt: Timestamp, openedAt: Duration, account: String, owner: Owner,
        openedFrom: ClientAddress, backend: Backend, password: Secret, environment: SessionEnvironment
    ) {
        self.id = id
        self.epoch = epoch
        self.createdAt = createdAt
        self.openedAt = openedAt
        self.owner = owner
        self.account = account
        accountKey = Handle.fold(account)
        self.openedFrom = openedFrom
        self.backend = backend
        self.environment = environment
        owed = environment.loops.next()
        let journal = Journal(
            sessionID: id, epoch: epoch, limits: environment.limits.journal,
            outdated: environment.journals.outdated,
            archive: environment.state.map { JournalArchive($0.store, SessionID(id)) })
        state = Locked(
            State(
                password: password,
                record: SessionRecord(
                    id: id, account: account, backend: backend.name, createdAt: createdAt,
                    journal: journal)))
        lastUse = Atomic(0)
        use(at: environment.clock.uptime())
    }

    deinit {
        environment.state?.leave(id)
        owed.moveOut()
        _ = environment.journals.add(-state.withLock { $0.countedBytes })
    }

    /// Connects and signs in; with `isReturn` as a session that has lost its connection.
    func start(status: Presence, isReturn: Bool = false) {
        let client = makeClient(password, status: status)
        let isWanted = state.withLock { state in
            guard !state.record.hasEnded else { return false }
            state.client = client
            return true
        }
        // The gateway may have ended it between making and starting it.
        guard isWanted else { return }
        if isReturn { client.comeBack() } else { client.start() }
    }

    /// What signs in with that password, and tells this session.
    func makeClient(_ password: Secret, status: Presence) -> NotificationSession {
        let conversations = state.withLock { state in
            state.record.beginClient()
            return state.record.knownConversations
        }
        return environment.runtime.makeSession(
            on: owed.loop, backend: backend,
            offer: SignInOffer(handle: account) { challenge in Self.digest(challenge, password) },
            status: status, digest: Self.digest, now: environment.clock.milliseconds,
            admitsCall: { caller in self.admitsCall(caller) },
            conversations: conversations, tap: tap,
            observer: { event in self.hear(event) })
    }

    /// The password, or an erased one once the session has ended.
    var password: Secret { state.withLock { $0.password } }

    /// MD5 of a text followed by the password (docs/protocol.md#password, #passport-form).
    static func digest(_ text: String, _ password: Secret) -> String {
        var digest = MD5()
        digest.update(text)
        password.withBytes { digest.update($0) }
        return Hexadecimal.encode(digest.finish())
    }

    private static func digest(_ text: String) -> String {
        var digest = MD5()
        digest.update(text)
        return Hexadecimal.encode(digest.finish())
    }

    // MARK: - Facts

    /// Takes over what happened; called on the session's event loop, in order.
    func hear(_ event: SessionEvent) {
        if case .initialPresence(let presence, let handle, let name) = event,
            gather(PresenceFact(presence: presence, handle: handle, name: name))
        {
            return
        }
        if !isHeldBack(event) { take(event) }
    }

    /// Takes over what is everybody's news.
    func take(_ event: SessionEvent) {
        log(event)
        if case .synchronized(let lists?) = event { synchronize(lists) }
        if case .presenceSettled = event { settlePresence() }
        change { $0.apply(event, at: environment.clock.now, uptime: environment.clock.uptime()) }
        switch event {
        case .state(.online), .addPrompt: reviewRequests()
        case .initialPresence: watchArrivals()
        default: break
        }
        if case .ended = event {
            password.erase()
            // The client holds this session to tell it things, and has no more to tell.
            state.withLock { state in state.client = nil }
            madeTraces.made?.close()
        }
    }

    /// Ends the session with the gateway's own reason; `signOut`, which has to follow, closes the connection.
    ///
    /// The password stays until then: a sign-in under way would otherwise be finished with an empty one.
    func end(_ reason: SessionReason) {
        end { $0.end(reason, at: environment.clock.now, uptime: environment.clock.uptime()) }
    }

    /// The same as somebody wants it, also of one that has ended: it never comes back.
    func delete() {
        end { $0.delete(at: environment.clock.now, uptime: environment.clock.uptime()) }
    }

    private func end(_ body: (inout SessionRecord) -> Void) {
        cancelRevival()
        change(body)
        if state.withLock({ $0.client == nil }) {
            password.erase()
            madeTraces.made?.close()
        }
    }

    /// Writes down what has happened, and tells whoever waits for it.
    func change(_ body: (inout SessionRecord) -> Void) {
        var waiters: [@Sendable (SignInResult) -> Void] = []
        var result = SignInResult.online
        var hasNews = false
        var news: Readers.News?
        var hasJustEnded = false
        var growth = 0
        var mustLetIn = false
        var feed: (place: FeedPlace, head: UInt64)?
        let settled = state.withLock { state in
            let (hadEnded, head) = (state.record.hasEnded, state.record.journal.head)
            let couldBeRevived = state.record.canBeRevived
            state.changes += 1
            body(&state.record)
            hasNews = state.record.journal.head != head
            hasJustEnded = state.record.hasEnded && !hadEnded
            if let keeper = environment.state {
                // Readers are told when it is written.
                hand(&state, to: keeper)
                hasNews = false
            }
            if hasNews { feed = state.feedPlace.map { ($0, state.record.journal.head) } }
            // An end is told to everybody, whatever they wait for.
            if hasNews, !state.record.hasEnded { news = Readers.News(state.record.journal, after: head) }
            mustLetIn = state.record.mayLetIn
            if hasJustEnded {
                result = .ended(state.record.end)
                state.lastReceivedAt = state.client?.lastReceivedAt ?? 0
            }
            if hasJustEnded || state.record.state == .online {
                waiters = state.waiters.takeAll()
            }
            let settled = state.takeSettled()
            if !settled.isEmpty, let outbox = madeOutbox.made {
                outbox.settleKeys(settled, state.record.obstacle(at: environment.clock.uptime()))
            }
            // Nobody can ask about them any more, unless it is revived.
            if hasJustEnded || couldBeRevived, state.record.hasEnded, !state.record.canBeRevived {
                state.record.conversations.messages.forget()
            }
            growth = state.takeGrowth()
            return settled
        }
        account(growth)
        if hasNews { readers.note(self, news, on: owed) }
        if let feed { feed.place.append(through: feed.head, owed) }
        for waiter in waiters { waiter(result) }
        // Who waits for an outcome has asked for it before.
        madeOutbox.made?.settle(settled)
        if mustLetIn { letIn() }
        if hasJustEnded { environment.ended(self) {} }
    }

    private func log(_ event: SessionEvent) {
        switch event {
        case .state(let next): log(.debug, "session moved on", ["state": "\(next.rawValue)"])
        case .reconnecting(let end, let delay):
            log(
                .info, "connection lost",
                ["reason": "\(SessionReason(end).rawValue)", "retryAfter": "\(delay ?? .zero)"])
        case .negotiated(let dialect): log(.debug, "dialect agreed on", ["dialect": "\(dialect.name)"])
        case .ended(let end):
            // The connection ends with the process; the session is the next one's.
            guard !state.withLock({ $0.record.isSuspended }) else {
                return log(.info, "session is left to the next process", [:])
            }
            log(.info, "session ended", ["reason": "\(SessionReason(end).rawValue)"])
        case .ignored(let command): log(.debug, "ignored what the server sent", ["command": "\(command)"])
        // What people do is told in events, and is nothing for the operator.
        default: break
        }
    }

    /// Logs with what names the session, which is put together then: most sessions have nothing to say for hours.
    private func log(
        _ level: Logger.Level, _ message: Logger.Message, _ metadata: @autoclosure () -> Logger.Metadata
    ) {
        guard level >= environment.logger.logLevel else { return }
        var logger = environment.logger
        logger[metadataKey: "session"] = "\(id)"
        logger[metadataKey: "backend"] = "\(backend.name)"
        logger[metadataKey: "client"] = "\(openedFrom)"
        logger.log(level: level, message, metadata: metadata())
    }

    // MARK: - Waiting for the sign-in

    /// Calls back once, when the session is online or has ended; at once if it is.
    ///
    /// Nil then, else a number for `stopWaiting`.
    func awaitSignIn(_ body: @escaping @Sendable (SignInResult) -> Void) -> UInt64? {
        var result: SignInResult?
        var number: UInt64?
        state.withLock { state in
            if state.revival != nil {
                number = state.waiters.add(body)
            } else if state.record.hasEnded {
                result = .ended(state.record.end)
            } else if state.record.state == .online {
                result = .online
            } else {
                number = state.waiters.add(body)
            }
        }
        if let result { body(result) }
        return number
    }

    func stopWaiting(_ number: UInt64) { state.withLock { $0.waiters.remove(number) } }

    // MARK: - Leaving

    /// Says `OUT` and returns when the connection is closed.
    func signOut() async {
        await state.withLock { $0.client }?.signOut()
    }
}
