import ByteText
package import MSNP

/// A whole MSN service as a value: accounts, lists, sessions, conversations and ordered faults (protocol.md 16, classic).
///
/// Each method takes something that happened and answers what is to be sent and closed. It owns no socket and no clock:
/// times come in as time since the start, and never run backwards. Nothing costs more than the people concerned.
package struct SandboxWorld: Sendable {
    let configuration: SandboxConfiguration
    /// Unix seconds at time zero.
    private let startedAt: Int64
    private var accounts: [SandboxAccount]
    private let directory: [HandleKey: SandboxAccountID]
    let robot: SandboxAccountID
    var connections: [SandboxConnectionID: SandboxConnection] = [:]
    var random: any RandomNumberGenerator & Sendable
    private(set) var now = Duration.zero
    private var outbox: [SandboxDelivery] = []

    var signInsDue = SandboxDeadlines<SandboxConnectionID>()
    var challengesDue = SandboxDeadlines<(connection: SandboxConnectionID, challenge: String)>()
    var robotDue: Duration?
    var rooms: [SandboxRoomID: SandboxRoom] = [:]
    /// When each room is looked at for being idle.
    var roomsDue = SandboxAgenda<SandboxRoomID>()
    var lastRoom: UInt64 = 0
    var cookies: [ByteText: SandboxCookie] = [:]
    var cookiesDue = SandboxDeadlines<String>()
    var pagesDue =
        SandboxDeadlines<(connection: SandboxConnectionID, transaction: TransactionID, to: SandboxAccountID)>()
    /// Announced ends of sessions.
    var shutdownsDue = SandboxAgenda<SandboxConnectionID>()
    var lastAlert: UInt32 = 0
    var busy = SandboxArmedFault()
    var wrongChallenge = SandboxArmedFault()
    var notDelivered = SandboxArmedFault()

    /// A fresh world; `random` makes challenges and tickets, so only tests give it another.
    package init(
        _ configuration: SandboxConfiguration, startedAt: Int64,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        let population = SandboxPopulation(configuration)
        self.configuration = configuration
        self.startedAt = startedAt
        self.random = random
        accounts = population.accounts
        directory = population.directory
        robot = population.robot
        robotDue = configuration.robot.map { $0.period - $0.absence }
    }

    var limits: SandboxLimits { configuration.limits }

    /// Unix seconds now.
    var unixTime: Int64 { startedAt + now.components.seconds }

    /// When `advance(to:)` has something to do.
    package var nextDeadline: Duration? {
        [
            signInsDue.next, challengesDue.next, robotDue, roomsDue.next, cookiesDue.next, pagesDue.next,
            shutdownsDue.next,
        ].compactMap(\.self).min()
    }

    /// The account of a handle in any case.
    package func account(named handle: String) -> SandboxAccountID? {
        handle.utf8.count <= WireLimits.handle ? directory[HandleKey(handle)] : nil
    }

    package internal(set) subscript(account: SandboxAccountID) -> SandboxAccount {
        // In place, both ways: a copy would make the next edit copy that account's lists.
        _read { yield accounts[account.index] }
        _modify { yield &accounts[account.index] }
    }

    // MARK: What happens

    /// A client connected, which can reach the other servers at those addresses.
    package mutating func open(
        _ id: SandboxConnectionID, _ role: SandboxRole, _ addresses: SandboxAddresses, at time: Duration
    ) {
        now = max(now, time)
        connections[id] = SandboxConnection(role, addresses)
        signInsDue.append(id, due: now + limits.signInTime)
    }

    /// A client said something; what comes after the server has ended a connection is ignored.
    package mutating func receive(
        _ frame: Frame, on id: SandboxConnectionID, at time: Duration
    ) -> [SandboxDelivery] {
        now = max(now, time)
        if !swallows(id) { answer(frame, on: id) }
        return takeOutbox()
    }

    /// A client sent what can't be cut into frames, or too much of it, or nothing for too long.
    package mutating func abort(_ id: SandboxConnectionID, at time: Duration) -> [SandboxDelivery] {
        now = max(now, time)
        close(id)
        return takeOutbox()
    }

    /// A connection is gone.
    package mutating func closed(_ id: SandboxConnectionID, at time: Duration) -> [SandboxDelivery] {
        now = max(now, time)
        forget(id)
        return takeOutbox()
    }

    /// Time has passed.
    package mutating func advance(to time: Duration) -> [SandboxDelivery] {
        now = max(now, time)
        expireSignIns()
        expireChallenges()
        expireCookies()
        closeIdleRooms()
        deliverPages()
        carryOutShutdowns()
        moveRobot()
        return takeOutbox()
    }

    /// Orders a fault; `affected` says whether it struck or waits for its occasion (`SandboxFault`).
    package mutating func order(
        _ fault: SandboxFault, account handle: String?, count: Int?, at time: Duration
    ) -> (affected: Bool, deliveries: [SandboxDelivery]) {
        now = max(now, time)
        let affected = carryOut(fault, account: handle, count: count)
        return (affected, takeOutbox())
    }

    /// Somebody edits an account's lists elsewhere; whether that changed something.
    package mutating func edit(
        _ edit: SandboxListEdit, of handle: String, at time: Duration
    ) -> (changed: Bool, deliveries: [SandboxDelivery]) {
        now = max(now, time)
        guard let owner = account(named: handle) else { return (false, []) }
        let changed = carryOut(edit, of: owner)
        return (changed, takeOutbox())
    }

    // MARK: What comes of it

    mutating func send(_ command: ServerCommand, to id: SandboxConnectionID?) { send(command.frame, to: id) }

    /// As `send`, for what switchboards say, whose cases have the names of other servers' cases.
    mutating func say(_ command: SwitchboardServerCommand, to id: SandboxConnectionID?) { send(command.frame, to: id) }

    mutating func send(_ frame: Frame, to id: SandboxConnectionID?) { deliver(.send(frame), to: id) }

    mutating func refuse(_ code: ErrorCode, _ transaction: TransactionID, to id: SandboxConnectionID) {
        send(.error(code, transaction), to: id)
    }

    mutating func deliver(_ action: SandboxDelivery.Action, to id: SandboxConnectionID?) {
        guard let id, connections[id]?.isSilent != true else { return }
        outbox.append(SandboxDelivery(connection: id, action: action))
    }

    /// Ends a connection from this side, without a word beyond what was sent.
    mutating func close(_ id: SandboxConnectionID) { end(id, .close) }

    /// Ends a connection at once.
    mutating func drop(_ id: SandboxConnectionID) { end(id, .drop) }

    private mutating func end(_ id: SandboxConnectionID, _ action: SandboxDelivery.Action) {
        guard connections[id] != nil else { return }
        outbox.append(SandboxDelivery(connection: id, action: action))
        forget(id)
    }

    private mutating func forget(_ id: SandboxConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        switch connection.phase {
        case .signedIn(let session): signOut(session.account)
        case .seated(let seat): leave(seat)
        case .greeting, .clientVersionOnly, .identifying, .challenged, .admission: break
        }
    }

    private mutating func takeOutbox() -> [SandboxDelivery] {
        defer { outbox = [] }
        return outbox
    }
}
