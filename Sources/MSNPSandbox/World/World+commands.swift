import ByteText
import MSNP

extension World {
    /// Answers a command as far as the connection has come (docs/protocol.md#server-side).
    ///
    /// What is unknown, malformed, out of place or said by servers alone ends the connection without a reply.
    mutating func answer(_ frame: Frame, on id: ConnectionID) {
        guard let connection = connections[id] else { return }
        guard connection.role != .switchboard else { return answerSwitchboard(frame, connection, on: id) }
        let command = try? ClientCommand(parsing: frame)
        switch (connection.phase, command) {
        case (_, .signOut):
            send(.signedOut(.unspecified), to: id)
            close(id)
        case (.greeting, .dialects(let transaction, let names)): negotiate(names, transaction, on: id)
        case (_, .dialects(let transaction, _)):
            refuse(715, transaction, to: id)
            close(id)
        case (.clientVersionOnly, .clientVersionQuery(let transaction, let values)):
            answerVersion("CVQ", values, transaction, on: id)
        case (.identifying, .securityPackages(let transaction)), (.challenged, .securityPackages(let transaction)):
            send(.securityPackages(transaction, [Self.securityPackage]), to: id)
        case (.identifying(let dialect), .nameAccount(let transaction, let package, let handle)),
            (.challenged(let dialect, _), .nameAccount(let transaction, let package, let handle)):
            guard ASCII.equals(package, Self.securityPackage) else { return close(id) }
            nameAccount(handle, transaction, dialect, on: id)
        case (.challenged(let dialect, let signIn), .answerSignIn(let transaction, let package, let hash)):
            guard ASCII.equals(package, Self.securityPackage) else { return close(id) }
            checkSignIn(signIn, hash, transaction, dialect, on: id)
        case (.signedIn, .nameAccount(let transaction, _, _)), (.signedIn, .answerSignIn(let transaction, _, _)):
            refuse(207, transaction, to: id)
        case (.signedIn(let session), .some(let command)): serve(command, frame, session, on: id)
        case (.signedIn(let session), nil): serveOutreach(nil, frame, session, on: id)
        case (.greeting, _), (.clientVersionOnly, _), (.identifying, _), (.challenged, _), (.admission, _),
            (.seated, _):
            close(id)
        }
    }

    /// Answers a command of somebody who is signed in.
    private mutating func serve(
        _ command: ClientCommand, _ frame: Frame, _ session: Session, on id: ConnectionID
    ) {
        guard Self.dialect(introducing: frame.command) <= session.dialect else { return close(id) }
        let account = session.account
        switch command {
        case .requestTransfer(let transaction, let kind): requestTransfer(kind, transaction, account, on: id)
        case .clientVersion(let transaction, let values): answerVersion("CVR", values, transaction, on: id)
        case .synchronize(let transaction, let version): synchronize(version, transaction, session, on: id)
        case .requestList(let transaction, let list): sendList(list, transaction, account, phones: false, on: id)
        case .setAddPrompt(let transaction, let value): setAddPrompt(value, transaction, account, on: id)
        case .setPrivacy(let transaction, let value): setPrivacy(value, transaction, account, on: id)
        case .setPhone(let transaction, let key, let value):
            setPhone(key, value, frame, transaction, account, on: id)
        case .add(let transaction, let list, let member): add(member, to: list, transaction, session, on: id)
        case .remove(let transaction, let list, let handle): remove(handle, from: list, transaction, account, on: id)
        case .rename(let transaction, let member): rename(member, transaction, account, on: id)
        case .setPresence(let transaction, let presence): setPresence(presence, transaction, session, on: id)
        case .ping: send(.pong, to: id)
        case .requestChallenge(let transaction): challenge(id, transaction)
        case .answerChallenge(let transaction, let clientID, let answer):
            checkChallenge(clientID, answer, transaction, session, on: id)
        case .requestService(let transaction, let service, let parameter):
            requestService(service, parameter, transaction, session.dialect, on: id)
        case .search, .sendMail, .inviteByMail, .page: serveOutreach(command, frame, session, on: id)
        // As servers do with what they do not know.
        default: close(id)
        }
    }

    /// The dialect that brought a command (docs/protocol.md#dialects).
    static func dialect(introducing command: String) -> Dialect {
        switch command {
        case "CHL", "QRY": .msnp6
        case "PRP", "SDC", "PAG": .msnp5
        case "IMS": .msnp3
        default: .msnp2
        }
    }
}
