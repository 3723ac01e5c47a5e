import HTTPFront
import Locking
import MSNP
import MSNPClient

extension Session {
    /// The order in which lists have sessions; no two are equal.
    static func isOlder(_ a: Session, _ b: Session) -> Bool {
        (a.openedAt, a.id) < (b.openedAt, b.id)
    }

    var hasEnded: Bool { state.withLock { $0.record.hasEnded } }

    /// Whether it has ended and its connection is closed too.
    var isOver: Bool { state.withLock { $0.record.hasEnded && $0.client == nil } }

    /// Whether the server has taken the password at least once.
    var hasBeenOnline: Bool { state.withLock { $0.record.hasBeenOnline } }

    var resource: SessionResource { state.withLock { $0.resource } }

    /// The contacts that are wanted, by account.
    func contacts(where isWanted: (Contact) -> Bool) -> [ContactResource] {
        let book = state.withLock { $0.record.contactBook }
        environment.atLength(self)
        return book.resources(where: isWanted)
    }

    /// The contact of that account in whatever capitals; nil when it is on no list.
    func contact(_ account: String) -> ContactResource? {
        state.withLock { state in state.record.roster.contact(account).map(state.record.resource) }
    }

    var privacy: PrivacyResource { state.withLock { PrivacyResource($0.record.roster) } }

    /// The own phone properties; throws 409 where the dialect has none.
    func phones() throws(Problem) -> PhonesResource {
        let (phones, dialect) = state.withLock { ($0.record.phones, $0.record.dialect) }
        // Until the dialect is agreed on nothing is known, and nothing ruled out.
        guard let phones = phones ?? (dialect == nil ? PhonesResource(ContactPhones()) : nil) else {
            throw Problem(
                .serviceUnavailableInDialect,
                "Phone numbers came with MSNP5; this session speaks \(dialect?.name ?? "an older dialect").")
        }
        return phones
    }

    var status: Presence { state.withLock { $0.record.status } }

    var profile: Profile? { state.withLock { $0.record.profile } }

    /// The profile; nil where the server has sent none.
    ///
    /// Throws 503 before anybody can know.
    func knownProfile() throws(Problem) -> Profile? {
        let (profile, isAwaited) = state.withLock { ($0.record.profile, $0.record.awaitsProfile) }
        if profile == nil, isAwaited { throw notOnline() }
        return profile
    }

    var dialect: Dialect? { state.withLock { $0.record.dialect } }

    /// The own status; throws like `requireLive`, at one look.
    func liveStatus() throws(Problem) -> Presence {
        let (status, hasEnded) = state.withLock { ($0.record.status, $0.record.hasEnded) }
        if hasEnded { try requireLive() }
        return status
    }

    /// Throws 409 `session-ended` once it has.
    func requireLive() throws(Problem) {
        if let end = state.withLock({ $0.record.endProblem }) { throw end }
    }
}
