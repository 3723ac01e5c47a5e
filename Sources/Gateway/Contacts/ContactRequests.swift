import DequeModule
import MSNP

/// Who has been asked about, and who is let in without asking (docs/protocol.md#requests).
struct ContactRequests: Sendable {
    /// Those that `contact.request` told of and that still wait: nobody is asked about twice.
    private var announced: Set<HandleKey> = []
    /// Those to put on the allow list, in the order in which they came.
    private var waiting: Deque<HandleKey> = []
    /// Those that the server would not have there; trying again would go on without end.
    private var refused: Set<HandleKey> = []

    /// Whether somebody waits to be let in.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Whether to tell of somebody; false the second time.
    mutating func announce(_ contact: Contact) -> Bool { announced.insert(Handle.fold(contact.account)).inserted }

    /// Whether somebody was asked about.
    func hasAnnounced(_ key: HandleKey) -> Bool { announced.contains(key) }

    /// Somebody was asked about in another process.
    mutating func resume(_ key: HandleKey) { announced.insert(key) }

    /// Somebody new has come.
    mutating func letInLater(_ contact: Contact) {
        let key = Handle.fold(contact.account)
        refused.remove(key)
        // A server that sends people to and fro faster than it answers is not followed.
        guard waiting.count < WireLimits.listEntries else { return }
        waiting.append(key)
    }

    /// Begins anew with these: a lost connection may have cost an answer.
    mutating func letInLater(_ accounts: Deque<HandleKey>) { waiting = accounts }

    /// Of these people the ones to let in, unless the server would not have them.
    func lettingIn(_ contacts: [Contact]) -> Deque<HandleKey> {
        Deque(contacts.map { Handle.fold($0.account) }.filter { !refused.contains($0) })
    }

    mutating func nextToLetIn() -> HandleKey? { waiting.popFirst() }

    mutating func refused(_ contact: Contact) { refused.insert(Handle.fold(contact.account)) }

    /// An answered request is over, and the next one news.
    mutating func changed(_ contact: Contact) {
        if !contact.isPending { removed(contact) }
    }

    mutating func removed(_ contact: Contact) {
        let key = Handle.fold(contact.account)
        announced.remove(key)
        refused.remove(key)
    }
}
