import ByteText
import MSNP

extension World {
    /// Client IDs and their keys (docs/protocol.md#challenges).
    private static let clientKeys: [ByteText: String] = [
        "msmsgs@msnmsgr.com": "Q1P7W2E4J9R8U3S5",
        "PROD0038W!61ZTF9": "VT6PX?UQTM4WM%YR",
        "PROD0058#7IL2{QD": "QHDCY@7R1TB6W?5B",
        "PROD0061VRRZH@4F": "JXQ6J@TUOGYV@N0M",
        "PROD00504RLUG%WL": "I2EBK%PYNLZL5_J4",
        "PROD0076ENE8*@AW": "CEQJ8}OE0!WTSWII",
    ]

    /// Sends `CHL`, of the server's own accord or as the answer to a client's `CHL`.
    mutating func challenge(_ id: ConnectionID, _ transaction: TransactionID) {
        let challenge = digits(20)
        edit(id) { session, limits in
            if session.challenges.count >= limits.openChallenges { session.challenges.removeFirst() }
            session.challenges.append(challenge)
        }
        challengesDue.append((id, challenge), due: now + limits.challengeTime)
        send(.challenge(transaction, challenge), to: id)
    }

    /// `QRY`: the answer to any challenge that waits, which settles the older ones with it (docs/protocol.md#challenges).
    mutating func checkChallenge(
        _ clientID: String, _ answer: Redacted<[UInt8]>, _ transaction: TransactionID, _ session: Session,
        on id: ConnectionID
    ) {
        let isOrderedWrong = wrongChallenge.strikes(session.account)
        guard !isOrderedWrong, clientID.utf8.count <= WireLimits.word, let key = Self.clientKeys[ByteText(clientID)],
            let index = session.challenges.lastIndex(where: { Self.digest($0, key).utf8.elementsEqual(answer.value) })
        else {
            refuse(540, transaction, to: id)
            return close(id)
        }
        edit(id) { session, _ in session.challenges.removeFirst(index + 1) }
        send(.challengeAccepted(transaction), to: id)
    }

    /// Who leaves a challenge unanswered is signed out.
    mutating func expireChallenges() {
        while let (id, challenge) = challengesDue.popDue(at: now) {
            guard case .signedIn(let session) = connections[id]?.phase, session.challenges.contains(challenge)
            else { continue }
            // A connection that was ordered to fall silent stays so.
            if connections[id]?.isSilent == true { continue }
            send(.signedOut(.unspecified), to: id)
            close(id)
        }
    }

    /// Changes the session of a connection in place.
    mutating func edit(_ id: ConnectionID, _ change: (inout Session, Limits) -> Void) {
        guard case .signedIn(var session) = connections[id]?.phase else { return }
        change(&session, limits)
        connections[id]?.phase = .signedIn(session)
    }
}
