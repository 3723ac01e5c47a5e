import ByteText

/// The sign-in on one connection, from `VER` to `USR OK`, a referral or a refusal (docs/protocol.md#sign-in, #referrals).
///
///     C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
///     S: VER 1 MSNP6
///     C: INF 2
///     S: INF 2 MD5
///     C: USR 3 MD5 I alice@example.com
///     S: USR 3 MD5 S 1013928519.693957190
///     C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
///     S: USR 4 OK alice@example.com Alice 1
package struct SignIn: Sendable {
    private enum State: Equatable {
        case idle
        case offeringDialects(TransactionID)
        case askingPackages(TransactionID)
        case namingAccount(TransactionID)
        case answeringChallenge(TransactionID)
        /// The server answered the hash with 924, which may not be its last word (docs/protocol.md#923-924).
        case doubtful(TransactionID, ErrorCode)
        case askingForUpgrade(TransactionID)
        case finished
    }

    /// The outcome of one input.
    package enum Action: Equatable, Sendable {
        case send(ClientCommand)
        /// Nothing to do: the command was not for this flow.
        case wait
        /// Wait a little for the server to change its mind, then call `doubtIsOver()`.
        case doubt
        /// Close, connect there and begin anew.
        case connect(ServerAddress)
        case accepted(handle: String, displayName: String, verified: Bool?)
        case failed(SessionEnd)
    }

    private let offer: SignInOffer
    private var state = State.idle
    /// `XFR 3 NS 0` followed on this connection.
    private var restarts = 0
    /// What `VER` agreed on; nil before.
    package private(set) var dialect: Dialect?

    private static let package = "MD5"

    package init(_ offer: SignInOffer) {
        self.offer = offer
    }

    /// The command that the server still has to answer; nil for none.
    package var awaitedCommand: String? {
        switch state {
        case .idle, .finished: nil
        case .offeringDialects: "VER"
        case .askingPackages: "INF"
        case .namingAccount, .answeringChallenge, .doubtful: "USR"
        case .askingForUpgrade: "CVQ"
        }
    }

    /// The command that a transaction would answer now; nil for any other.
    func command(of transaction: TransactionID) -> String? { transaction == awaited ? awaitedCommand : nil }

    /// The transaction that the server still has to answer.
    private var awaited: TransactionID? {
        switch state {
        case .idle, .finished: nil
        case .offeringDialects(let transaction), .askingPackages(let transaction), .namingAccount(let transaction),
            .answeringChallenge(let transaction), .doubtful(let transaction, _), .askingForUpgrade(let transaction):
            transaction
        }
    }

    /// The first command of a connection, and of a restart on the same one (`XFR 3 NS 0`).
    package mutating func begin(_ counter: inout TransactionCounter) -> Action {
        let transaction = counter.next()
        state = .offeringDialects(transaction)
        dialect = nil
        // Some servers refuse an offer that does not end in CVR0 (docs/protocol.md#negotiation).
        return .send(.dialects(transaction, offer.dialects.map(\.name) + [Dialect.clientVersionOnly]))
    }

    /// Takes a command of the server's; one that answers nothing of ours is left alone.
    package mutating func receive(_ command: ServerCommand, _ counter: inout TransactionCounter) -> Action {
        if case .referral(.unsolicited, let referral) = command { return follow(referral, &counter) }
        if case .error(let code, let transaction) = command { return refused(code, transaction) }
        guard let awaited, command.answeredTransaction == awaited else { return .wait }
        switch (state, command) {
        case (.offeringDialects, .dialects(_, let answer)):
            return agree(on: answer, &counter)
        case (.askingPackages, .securityPackages(_, let packages)):
            guard packages.contains(where: { ASCII.equalsFolded($0, Self.package) }) else {
                return fail(.noSecurityPackage)
            }
            let transaction = counter.next()
            state = .namingAccount(transaction)
            return .send(.nameAccount(transaction, package: Self.package, handle: offer.handle))
        case (.namingAccount, .referral(_, let referral)):
            return follow(referral, &counter)
        case (.namingAccount, .signInChallenge(_, _, let challenge)):
            let transaction = counter.next()
            state = .answeringChallenge(transaction)
            return .send(
                .answerSignIn(transaction, package: Self.package, hash: Redacted(offer.answer(challenge))))
        case (.answeringChallenge, .signedIn(_, let handle, let name, let verified)),
            (.doubtful, .signedIn(_, let handle, let name, let verified)):
            state = .finished
            return .accepted(handle: handle, displayName: name, verified: verified)
        case (.askingForUpgrade, .clientVersion):
            return fail(.clientTooOld)
        case (.offeringDialects, _), (.askingPackages, _), (.namingAccount, _), (.answeringChallenge, _):
            // Other commands may bear the number of one that waits (docs/protocol.md#servers-differ).
            guard let name = awaitedCommand, command.frame.command == name else { return .wait }
            let line = BlankedFrame(command.frame, .fromServer, onSwitchboard: false).excerpt
            return fail(.protocolError(.nonsense(command: name, line: line)))
        case (.idle, _), (.doubtful, _), (.askingForUpgrade, _), (.finished, _):
            return .wait
        }
    }

    /// The answer did not come in time.
    package mutating func stepTimedOut() -> Action {
        guard let awaitedCommand else { return .wait }
        if case .askingForUpgrade = state { return fail(.clientTooOld) }
        return fail(.timedOut(command: awaitedCommand))
    }

    /// The wait after `.doubt` is over.
    package mutating func doubtIsOver() -> Action {
        guard case .doubtful(_, let code) = state else { return .wait }
        return fail(.refused(code, command: "USR"))
    }

    /// The server closed.
    package mutating func closed() -> Action {
        switch state {
        case .doubtful(_, let code): fail(.refused(code, command: "USR"))
        case .askingForUpgrade: fail(.clientTooOld)
        // A close instead of an answer to `VER` proves nothing (docs/protocol.md#negotiation).
        case .offeringDialects, .askingPackages, .namingAccount, .answeringChallenge: fail(.serverClosed)
        case .idle, .finished: .wait
        }
    }

    /// Accepts the first token if it was offered, else the best of ours that the answer names
    /// (docs/protocol.md#negotiation).
    private mutating func agree(on answer: [String], _ counter: inout TransactionCounter) -> Action {
        guard answer.first.map({ ASCII.equals($0, "0") }) != true else { return fail(.noCommonVersion) }
        let named = answer.compactMap(Dialect.init(named:))
        let first = answer.first.flatMap(Dialect.init(named:)).flatMap { offer.dialects.contains($0) ? $0 : nil }
        if let agreed = first ?? offer.dialects.first(where: named.contains) {
            dialect = agreed
            let transaction = counter.next()
            state = .askingPackages(transaction)
            return .send(.securityPackages(transaction))
        }
        guard answer.contains(where: Dialect.isClientVersionOnly) else {
            return fail(.noCommonVersion)
        }
        let transaction = counter.next()
        state = .askingForUpgrade(transaction)
        return .send(
            .clientVersionQuery(transaction, ["0x0409", "win", "4.10", "i386", "MSMSGS", "3.6.0038"]))
    }

    private mutating func follow(_ referral: Referral, _ counter: inout TransactionCounter) -> Action {
        switch referral {
        case .notification(let address):
            state = .finished
            return .connect(address)
        case .restart:
            restarts += 1
            guard restarts <= WireLimits.referrals else { return fail(.protocolError(.referralLoop)) }
            return begin(&counter)
        case .switchboard: return .wait
        }
    }

    private mutating func refused(_ code: ErrorCode, _ transaction: TransactionID?) -> Action {
        // An error may lack its transaction (docs/protocol.md#transaction-ids); one of another transaction is not ours.
        guard let awaited, let awaitedCommand, transaction == nil || transaction == awaited else { return .wait }
        switch state {
        case .offeringDialects, .askingPackages, .namingAccount, .answeringChallenge:
            if code == 924, case .answeringChallenge = state {
                state = .doubtful(awaited, code)
                return .doubt
            }
            return fail(.refused(code, command: awaitedCommand))
        case .askingForUpgrade: return fail(.clientTooOld)
        case .idle, .doubtful, .finished: return .wait
        }
    }

    private mutating func fail(_ reason: SessionEnd) -> Action {
        state = .finished
        return .failed(reason)
    }
}

/// What a client offers and answers at sign-in.
package struct SignInOffer: Sendable {
    /// As the person typed it; the server's spelling replaces it once it is known.
    package var handle: String
    /// In order of preference.
    package var dialects: [Dialect]
    /// The lower-case hexadecimal MD5 of the challenge followed by the password (docs/protocol.md#password).
    package var answer: @Sendable (_ challenge: String) -> String

    package init(
        handle: String, dialects: [Dialect] = SignInOffer.usualDialects,
        answer: @escaping @Sendable (_ challenge: String) -> String
    ) {
        self.handle = handle
        self.dialects = dialects
        self.answer = answer
    }

    /// What client 3.6.0038 sends (docs/protocol.md#negotiation).
    package static let usualDialects: [Dialect] = [.msnp6, .msnp5, .msnp4]
}
