/// One session of a switchboard: people who hear each other (docs/protocol.md#switchboards).
struct Room: Sendable {
    struct Participant: Sendable {
        let account: AccountID
        /// Nil for the robot, which is everywhere without one.
        let connection: ConnectionID?
    }

    struct Invitation: Sendable {
        let cookie: String
        /// Where it rang; a client that has signed in anew knows nothing of it.
        let connection: ConnectionID
    }

    /// What `RINGING` and `RNG` name it by; proves nothing, as the cookie does that.
    let session: String
    /// In the order in which they came, each account once.
    private(set) var participants: [Participant] = []
    /// The calls that nobody has answered yet.
    var invitations: [AccountID: Invitation] = [:]
    /// When somebody came or said something last.
    var lastActivity: Duration

    init(session: String, at now: Duration) {
        self.session = session
        lastActivity = now
    }

    /// Whether anybody is there to talk, or may still come.
    var isDeserted: Bool { participants.isEmpty && invitations.isEmpty }

    func holds(_ account: AccountID) -> Bool { participants.contains { $0.account == account } }

    mutating func add(_ account: AccountID, on connection: ConnectionID?, at now: Duration) {
        participants.append(Participant(account: account, connection: connection))
        lastActivity = now
    }

    /// Takes somebody out, and the robot too when it would be left alone.
    mutating func remove(_ account: AccountID) {
        participants.removeAll { $0.account == account }
        if participants.allSatisfy({ $0.connection == nil }) { participants = [] }
    }
}

/// A room's number, never used again in the life of a sandbox.
struct RoomID: Hashable, Sendable {
    let number: UInt64
}

/// Somebody's place in a room.
struct Seat: Sendable {
    let account: AccountID
    let room: RoomID
    /// Calls that were refused since the last one that rang.
    var refusedCalls = 0
}

/// What a cookie opens, once (docs/protocol.md#calling, #being-called).
struct Cookie: Sendable {
    enum Purpose: Equatable, Sendable {
        /// A room of one's own, with `USR`.
        case open
        /// The room where somebody waits, with `ANS`.
        case answer(RoomID)
    }

    let account: AccountID
    let purpose: Purpose
    let due: Duration
}
