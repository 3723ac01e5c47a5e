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
