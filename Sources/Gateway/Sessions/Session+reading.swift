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

    /// The resource as JSON.
    var body: [UInt8] {
        state.withLock { state in
            let received = state.client?.lastReceivedAt ?? state.lastReceivedAt
            let key = ResourceKey(head: state.record.journal.head, lastReceivedAt: received)
            let current = state.resource(received)
            return state.resource.bytes(for: key) { JSONText.encode(current) }
        }
    }

    var resource: SessionResource {
        state.withLock { state in state.resource(state.client?.lastReceivedAt ?? state.lastReceivedAt) }
    }

    /// State and cursor of one instant: both are read under the lock that every change takes, and put in order after it.
    var snapshot: SnapshotResource {
        let (resource, record) = state.withLock { state in
            (state.resource(state.client?.lastReceivedAt ?? state.lastReceivedAt), state.record)
        }
        environment.atLength(self)
        return SnapshotResource(
            cursor: resource.cursor, session: resource, contacts: record.contactBook.resources(),
            privacy: EventData.Privacy(record.roster), phones: record.phones,
            mail: record.mailbox.counts.map(EventData.MailCounts.init), conversations: record.conversationResources)
    }

    /// All contacts as JSON, by account.
    var contactsBody: [UInt8] {
        let (known, book) = state.withLock { state in
            (state.contacts.known(for: state.record.rosterRevision), state.record.contactBook)
        }
        if let known { return known }
        environment.atLength(self)
        let bytes = JSONText.encode(ContactList(contacts: book.resources()))
        state.withLock { state in state.contacts.keep(bytes, for: book.revision) }
        return bytes
    }

    /// The contacts that are wanted, by account.
    func contacts(where isWanted: (Contact) -> Bool) -> ContactList {
        let book = state.withLock { $0.record.contactBook }
        environment.atLength(self)
        return ContactList(contacts: book.resources(where: isWanted))
    }

    /// The contact of that account in whatever capitals; nil when it is on no list.
    func contact(_ account: String) -> ContactResource? {
        state.withLock { state in state.record.roster.contact(account).map(state.record.resource) }
    }

    var privacy: EventData.Privacy { state.withLock { EventData.Privacy($0.record.roster) } }

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

    var dialect: Dialect? { state.withLock { $0.record.dialect } }

    /// Throws 409 `session-ended` once it has.
    func requireLive() throws(Problem) {
        let reason: SessionReason? = state.withLock { state in
            state.record.hasEnded ? state.record.reason ?? .signedOut : nil
        }
        guard let reason else { return }
        var problem = Problem(.sessionEnded, "The session has ended; sign in again for a new one.")
        problem.reason = reason.rawValue
        throw problem
    }

    struct ContactList: Encodable {
        let contacts: [ContactResource]
    }
}

extension Session.State {
    fileprivate func resource(_ received: Int64) -> SessionResource {
        var resource = record.resource
        resource.lastReceivedAt = received == 0 ? nil : Timestamp(milliseconds: received)
        return resource
    }
}
