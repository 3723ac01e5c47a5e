import MSNP

/// What the server knows of one connection.
struct Connection: Sendable {
    enum Phase: Sendable {
        /// Nothing came yet; `VER` has to.
        case greeting
        /// Only `CVR0` was in common: no sign-in, but an answer to `CVQ`.
        case clientVersionOnly
        case identifying(Dialect)
        case challenged(Dialect, PendingSignIn)
        case signedIn(Session)
        /// At a switchboard, before `USR` or `ANS`.
        case admission
        case seated(Seat)
    }

    enum Stall: Sendable {
        /// This many commands are swallowed.
        case commands(Int)
        /// Commands are swallowed and nothing is sent.
        case everything
    }

    let role: Role
    let addresses: Addresses
    var phase: Phase
    var stall: Stall?

    init(_ role: Role, _ addresses: Addresses) {
        self.role = role
        self.addresses = addresses
        phase = role == .switchboard ? .admission : .greeting
    }

    /// Whose connection it is; nil before anybody has proved to be somebody.
    var account: AccountID? {
        switch phase {
        case .signedIn(let session): session.account
        case .seated(let seat): seat.account
        case .greeting, .clientVersionOnly, .identifying, .challenged, .admission: nil
        }
    }

    /// Whether a fault has made it silent for good.
    var isSilent: Bool {
        if case .everything = stall { true } else { false }
    }
}

/// A connection's number, never used again in the life of a sandbox.
package struct ConnectionID: Hashable, Sendable {
    /// In the order in which they came.
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// The kind of server that a connection reached (docs/protocol.md#servers).
package enum Role: Sendable {
    /// Refers clients to the notification server.
    case dispatch
    case notification
    /// Holds one conversation for each connection (docs/protocol.md#switchboards).
    case switchboard
}

/// A signed-in connection.
struct Session: Sendable {
    let account: AccountID
    let dialect: Dialect
    /// Challenges that wait for their answer, oldest first.
    var challenges: [String] = []
    /// How many people the last search found: invitations name them by number.
    var found = 0
    /// Pages that are on their way.
    var pages = 0
}

/// A sign-in between `USR I` and `USR S`.
struct PendingSignIn: Sendable {
    /// Nil for an account that isn't there, which is challenged like any other so that nobody can list accounts.
    let account: AccountID?
    let challenge: String
}
