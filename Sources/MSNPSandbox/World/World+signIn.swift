import Digests
import Encodings
import MSNP

extension World {
    /// The only way to sign in below MSNP8 (docs/protocol.md#sign-in-steps).
    static let securityPackage = "MD5"

    /// `VER`: the best dialect that both sides have (docs/protocol.md#negotiation).
    mutating func negotiate(_ names: [String], _ transaction: TransactionID, on id: ConnectionID) {
        let common = names.compactMap(Dialect.init(named:)).filter { $0 <= configuration.newestDialect }.max()
        if let common {
            connections[id]?.phase = .identifying(common)
            send(.dialects(transaction, [common.name]), to: id)
        } else if names.contains(where: Dialect.isClientVersionOnly) {
            connections[id]?.phase = .clientVersionOnly
            send(.dialects(transaction, [Dialect.clientVersionOnly]), to: id)
        } else {
            send(.dialects(transaction, ["0"]), to: id)
            close(id)
        }
    }

    /// `CVR` and `CVQ` (docs/protocol.md#client-version): no client is too old for the sandbox.
    mutating func answerVersion(
        _ command: String, _ values: [String], _ transaction: TransactionID, on id: ConnectionID
    ) {
        // LCID, system, its version, processor, library, client version; the code base came with MSNP4.
        guard values.count >= 6 else {
            refuse(731, transaction, to: id)
            return close(id)
        }
        guard Language(parsing: values[0]) != nil else { return refuse(710, transaction, to: id) }
        let recommended = "3.6.0038"
        send(
            Frame(
                command,
                [
                    transaction.description, recommended, recommended, "1.0.0863",
                    "http://download.sandbox.example/setup.exe", "http://messenger.sandbox.example",
                ]), to: id)
    }

    /// `USR I`: a referral at the dispatch server, a challenge at the notification server.
    mutating func nameAccount(
        _ handle: String, _ transaction: TransactionID, _ dialect: Dialect, on id: ConnectionID
    ) {
        guard let connection = connections[id] else { return }
        guard handle.utf8.contains(UInt8(ascii: "@")) else {
            refuse(206, transaction, to: id)
            return close(id)
        }
        let account = account(named: handle)
        guard !busy.strikes(account) else {
            refuse(600, transaction, to: id)
            return close(id)
        }
        switch connection.role {
        case .dispatch:
            refer(transaction, dialect, on: id)
            close(id)
        case .notification, .switchboard:
            let challenge = "\(unixTime).\(digits(9))"
            connections[id]?.phase = .challenged(dialect, PendingSignIn(account: account, challenge: challenge))
            send(.signInChallenge(transaction, package: Self.securityPackage, challenge: challenge), to: id)
        }
    }

    /// `XFR NS` (docs/protocol.md#referrals).
    mutating func refer(_ transaction: TransactionID, _ dialect: Dialect, on id: ConnectionID) {
        guard let address = connections[id]?.addresses.notification else { return }
        var frame = ServerCommand.referral(transaction, .notification(address)).frame
        // The constant 0 came with MSNP3.
        if dialect < .msnp3 { frame.parameters.removeLast() }
        send(frame, to: id)
    }

    /// `USR S`: the right hash signs in, everything else ends the connection (docs/protocol.md#password).
    mutating func checkSignIn(
        _ signIn: PendingSignIn, _ hash: Redacted<String>, _ transaction: TransactionID, _ dialect: Dialect,
        on id: ConnectionID
    ) {
        // An account that isn't there costs the same digest.
        let expected = Self.digest(signIn.challenge, signIn.account.map { self[$0].password } ?? "")
        let isRight = ConstantTime.equal(Array(expected.utf8), Array(hash.value.utf8))
        // The robot signs itself in; a client in its place would silence it.
        guard isRight, let account = signIn.account, self[account].standing != .robot else {
            refuse(911, transaction, to: id)
            return close(id)
        }
        switch self[account].standing {
        case .childWithoutConsent:
            refuse(923, transaction, to: id)
            close(id)
        case .unverifiedAndRefused:
            refuse(924, transaction, to: id)
            close(id)
        case .good, .unverified, .robot: begin(account, transaction, dialect, on: id)
        }
    }

    private mutating func begin(
        _ account: AccountID, _ transaction: TransactionID, _ dialect: Dialect, on id: ConnectionID
    ) {
        if let older = self[account].connection {
            send(.signedOut(.signedInElsewhere), to: older)
            close(older)
        }
        connections[id]?.phase = .signedIn(Session(account: account, dialect: dialect))
        self[account].connection = id
        self[account].takesCalls = true
        // Only MSNP6 and later have the bit.
        let verified = dialect >= .msnp6 ? self[account].standing != .unverified : nil
        send(
            .signedIn(transaction, handle: self[account].handle, name: self[account].name, verified: verified), to: id)
        let profile = ProfileMessage(loginTime: unixTime, account: self[account], ticket: ticket())
        send(.message(from: .hotmail, Redacted(profile.payload(dialect))), to: id)
    }

    /// The account's connection is gone or about to go.
    mutating func signOut(_ account: AccountID) {
        self[account].connection = nil
        change(account, shownTo: self[account].lists[.reverse].all) { $0[account].presence = nil }
    }

    mutating func expireSignIns() {
        while let id = signInsDue.popDue(at: now) {
            switch connections[id]?.phase {
            case .greeting, .clientVersionOnly, .identifying, .challenged, .admission: close(id)
            case .signedIn, .seated, nil: break
            }
        }
    }

    /// Decimal digits that nobody can foretell.
    mutating func digits(_ count: Int) -> String {
        var text = ""
        // Nine at a time, as each draw from the system's generator is a system call.
        while text.utf8.count < count {
            let drawn = String(Int.random(in: 0..<1_000_000_000, using: &random))
            text += String(repeating: "0", count: 9 - drawn.utf8.count) + drawn
        }
        return String(text.prefix(count))
    }

    /// A Passport ticket: opaque, with the characters that real ones had (docs/protocol.md#profile).
    private mutating func ticket() -> Redacted<String> {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*".utf8)
        var text: [UInt8] = []
        // Five draws of ten letters, six bits each: 300 bits.
        for _ in 0..<5 {
            let bits: UInt64 = random.next()
            for place in 0..<10 { text.append(letters[Int(bits >> (6 * UInt64(place)) & 63)]) }
        }
        return Redacted(String(decoding: text, as: UTF8.self) + "$$")
    }

    static func digest(_ challenge: String, _ secret: String) -> String {
        var digest = MD5()
        digest.update(challenge)
        digest.update(secret)
        return Hexadecimal.encode(digest.finish())
    }
}
