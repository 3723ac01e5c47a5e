import ByteText
package import MSNP

/// A whole MSN service as a value: accounts, lists, sessions, conversations and ordered faults
/// (docs/protocol.md#server-side).
///
/// Each method takes something that happened and answers what is to be sent and closed. It owns no socket and no clock:
/// times come in as time since the start, and never run backwards. Nothing costs more than the people concerned.
package struct World: Sendable {
    let configuration: Configuration
    /// Unix seconds at time zero.
    private let startedAt: Int64
    private var accounts: [Account]
    private let directory: [HandleKey: AccountID]
    let robot: AccountID
    var connections: [ConnectionID: Connection] = [:]
    var random: any RandomNumberGenerator & Sendable
    private(set) var now = Duration.zero
    private var outbox: [Delivery] = []

    var signInsDue = Deadlines<ConnectionID>()
    var challengesDue = Deadlines<(connection: ConnectionID, challenge: String)>()
    var robotDue: Duration?
    var rooms: [RoomID: Room] = [:]
    /// When each room is looked at for being idle.
    var roomsDue = Agenda<RoomID>()
    var lastRoom: UInt64 = 0
    var cookies: [ByteText: Cookie] = [:]
    var cookiesDue = Deadlines<String>()
    var pagesDue =
        Deadlines<(connection: ConnectionID, transaction: TransactionID, to: AccountID)>()
    /// Announced ends of sessions.
    var shutdownsDue = Agenda<ConnectionID>()
    var lastAlert: UInt32 = 0
    var busy = ArmedFault()
    var wrongChallenge = ArmedFault()
    var notDelivered = ArmedFault()

    /// A fresh world; `random` makes challenges and tickets, so only tests give it another.
    package init(
        _ configuration: Configuration, startedAt: Int64,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        let population = Population(configuration)
        self.configuration = configuration
        self.startedAt = startedAt
        self.random = random
        accounts = population.accounts
        directory = population.directory
        robot = population.robot
        robotDue = configuration.robot.map { $0.period - $0.absence }
    }

    var limits: Limits { configuration.limits }

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
    package func account(named handle: String) -> AccountID? {
        handle.utf8.count <= WireLimits.handle ? directory[HandleKey(handle)] : nil
    }

    /// An account as it is now.
    package internal(set) subscript(account: AccountID) -> Account {
        // In place, both ways: a copy would make the next edit copy that account's lists.
        _read { yield accounts[account.index] }
        _modify { yield &accounts[account.index] }
    }

    // MARK: What happens

    /// A client connected, which can reach the other servers at those addresses.
    package mutating func open(
        _ id: ConnectionID, _ role: Role, _ addresses: Addresses, at time: Duration
    ) {
        now = max(now, time)
        connections[id] = Connection(role, addresses)
        signInsDue.append(id, due: now + limits.signInTime)
    }

    /// A client said something; what comes after the server has ended a connection is ignored.
    package mutating func receive(
        _ frame: Frame, on id: ConnectionID, at time: Duration
    ) -> [Delivery] {
        now = max(now, time)
        if !swallows(id) { answer(frame, on: id) }
        return takeOutbox()
    }

    /// A client sent what can't be cut into frames, or too much of it, or nothing for too long.
    package mutating func abort(_ id: ConnectionID, at time: Duration) -> [Delivery] {
        now = max(now, time)
        close(id)
        return takeOutbox()
    }

    /// A connection is gone.
    package mutating func closed(_ id: ConnectionID, at time: Duration) -> [Delivery] {
        now = max(now, time)
        forget(id)
        return takeOutbox()
    }

    /// Time has passed.
    package mutating func advance(to time: Duration) -> [Delivery] {
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

    /// Orders a fault; `affected` says whether it struck or waits for its occasion (`Fault`).
    package mutating func order(
        _ fault: Fault, account handle: String?, count: Int?, at time: Duration
    ) -> (affected: Bool, deliveries: [Delivery]) {
        now = max(now, time)
        let affected = carryOut(fault, account: handle, count: count)
        return (affected, takeOutbox())
    }

    /// Somebody edits an account's lists elsewhere; whether that changed something.
    package mutating func edit(
        _ edit: ListEdit, of handle: String, at time: Duration
    ) -> (changed: Bool, deliveries: [Delivery]) {
        now = max(now, time)
        guard let owner = account(named: handle) else { return (false, []) }
        let changed = carryOut(edit, of: owner)
        return (changed, takeOutbox())
    }

    // MARK: What comes of it

    mutating func send(_ command: ServerCommand, to id: ConnectionID?) { send(command.frame, to: id) }

    /// As `send`, for what switchboards say, whose cases have the names of other servers' cases.
    mutating func say(_ command: SwitchboardServerCommand, to id: ConnectionID?) { send(command.frame, to: id) }

    mutating func send(_ frame: Frame, to id: ConnectionID?) { deliver(.send(frame), to: id) }

    mutating func refuse(_ code: ErrorCode, _ transaction: TransactionID, to id: ConnectionID) {
        send(.error(code, transaction), to: id)
    }

    mutating func deliver(_ action: Delivery.Action, to id: ConnectionID?) {
        guard let id, connections[id]?.isSilent != true else { return }
        outbox.append(Delivery(connection: id, action: action))
    }

    /// Ends a connection from this side, without a word beyond what was sent.
    mutating func close(_ id: ConnectionID) { end(id, .close) }

    /// Ends a connection at once.
    mutating func drop(_ id: ConnectionID) { end(id, .drop) }

    private mutating func end(_ id: ConnectionID, _ action: Delivery.Action) {
        guard connections[id] != nil else { return }
        outbox.append(Delivery(connection: id, action: action))
        forget(id)
    }

    private mutating func forget(_ id: ConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        switch connection.phase {
        case .signedIn(let session): signOut(session.account)
        case .seated(let seat): leave(seat)
        case .greeting, .clientVersionOnly, .identifying, .challenged, .admission: break
        }
    }

    private mutating func takeOutbox() -> [Delivery] {
        defer { outbox = [] }
        return outbox
    }
}

/// The servers to which clients are referred, as one client can reach them.
package struct Addresses: Equatable, Sendable {
    package let notification: ServerAddress
    package let switchboard: ServerAddress

    package init(notification: ServerAddress, switchboard: ServerAddress) {
        self.notification = notification
        self.switchboard = switchboard
    }
}

/// What is to be done with a connection; those of one connection are to be done in order.
package struct Delivery: Equatable, Sendable {
    /// What is to be done.
    package enum Action: Equatable, Sendable {
        case send(Frame)
        /// Bytes that are no frame, for faults.
        case sendBytes([UInt8])
        /// Ends the connection once all of the above has been sent.
        case close
        /// Ends the connection now.
        case drop
    }

    package let connection: ConnectionID
    package let action: Action
}
