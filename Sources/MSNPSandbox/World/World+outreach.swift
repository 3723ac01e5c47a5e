import ByteText
import MSNP

extension World {
    /// What concerns people who aren't there: directory, invitations by mail, pages, and WebTV's switch for calls.
    ///
    /// - Parameter command: nil for one that can't be read.
    mutating func serveOutreach(
        _ command: ClientCommand?, _ frame: Frame, _ session: Session, on id: ConnectionID
    ) {
        guard let transaction = Self.transaction(of: frame),
            Self.dialect(introducing: frame.command) <= session.dialect
        else { return close(id) }
        switch (frame.command, command) {
        case (_, .search(_, let fields)): search(fields, transaction, on: id)
        case (_, .sendMail(_, let recipient, let rest))
        where rest.count <= 3 && isReachable(recipient, session) && Self.isLanguage(rest.first):
            send(.mailSent(transaction), to: id)
        case (_, .inviteByMail(_, let invitation))
        where isReachable(invitation.recipient, session) && Self.isLanguage(invitation.language)
            && !invitation.sender.isEmpty && frame.parameters.count == 8:
            send(.invitationSent(transaction), to: id)
        case ("SND", _), ("SDC", _):
            refuse(503, transaction, to: id)
            close(id)
        case (_, .page(_, let handle, let payload)): page(handle, payload, transaction, session, on: id)
        case ("IMS", _): setCalls(frame.parameters.dropFirst().first, transaction, session.account, on: id)
        default: close(id)
        }
    }

    /// `FND` (docs/protocol.md#directory).
    private mutating func search(_ fields: [String], _ transaction: TransactionID, on id: ConnectionID) {
        switch Directory.search(fields) {
        case .misplaced: close(id)
        case .refused(let code): refuse(code, transaction, to: id)
        case .found(let people):
            edit(id) { session, _ in session.found = people.count }
            if people.isEmpty { send(.found(transaction, index: 0, count: 0, nil), to: id) }
            for (index, person) in people.enumerated() {
                send(
                    .found(transaction, index: UInt32(index) + 1, count: UInt32(people.count), person), to: id)
            }
        }
    }

    /// Whether an invitation can go there: a mail address, or the number of somebody whom the last search found.
    private func isReachable(_ recipient: String, _ session: Session) -> Bool {
        if let number = Int(recipient) { return number >= 1 && number <= session.found }
        return Self.isHandle(recipient)
    }

    /// Only MSNP2 leaves it out (docs/protocol.md#mail-invitations).
    private static func isLanguage(_ text: String?) -> Bool { text.map { Language(parsing: $0) != nil } ?? true }

    /// `IMS` (docs/protocol.md#ims).
    private mutating func setCalls(
        _ value: String?, _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        guard let value, ASCII.equals(value, "ON") || ASCII.equals(value, "OFF") else { return close(id) }
        self[account].takesCalls = ASCII.equals(value, "ON")
        send(Frame("IMS", [transaction.description, "0", value]), to: id)
    }

    private static func transaction(of frame: Frame) -> TransactionID? {
        // Digits only: UInt32 would also take a sign.
        guard let token = frame.parameters.first, token.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt32(token)
        else { return nil }
        return TransactionID(rawValue: number)
    }

    // MARK: Pages

    /// `PAG` (docs/protocol.md#pages): to a contact who takes them, and without a word if it is taken.
    private mutating func page(
        _ handle: String, _ payload: Redacted<[UInt8]>, _ transaction: TransactionID, _ session: Session,
        on id: ConnectionID
    ) {
        guard let page = SubmittedPage(parsing: payload.value), let other = account(named: handle),
            self[session.account].lists[.forward].contains(other), !self[other].blocks(session.account),
            self[other].phones.takes(.mobileMessaging)
        else { return refuse(220, transaction, to: id) }
        guard page.isDeliverable, session.pages < limits.pages else { return refuse(800, transaction, to: id) }
        edit(id) { session, _ in session.pages += 1 }
        pagesDue.append((id, transaction, other), due: now + limits.pageTime)
    }

    /// Pages get to where they go, or to nobody when the device has no number: then their sender hears so late
    /// (docs/protocol.md#incoming-pages).
    mutating func deliverPages() {
        while let (id, transaction, other) = pagesDue.popDue(at: now) {
            guard case .signedIn(let session) = connections[id]?.phase else { continue }
            edit(id) { session, _ in session.pages -= 1 }
            guard self[other].phones[.mobile] == nil, session.dialect >= .msnp6 else { continue }
            send(
                .page(Redacted(OutreachDocument.failure(of: transaction, self[session.account]))), to: id)
        }
    }
}
