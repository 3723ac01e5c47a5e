import Locking
import MSNPClient

/// Reads that are answered with bytes which were encoded before, as long as nothing has changed.
extension Session {
    /// The resource as JSON.
    var body: [UInt8] {
        let version = state.withLock { $0.version(telling: .session) }
        if let kept = environment.reads.body(of: .session, id, version) { return kept.bytes }
        let (current, resource) = state.withLock { ($0.version(telling: .session), $0.resource) }
        let body = KeptReads.Body(bytes: JSONWriter.bytes(of: resource))
        environment.reads.keep(body, of: .session, id, current)
        return body.bytes
    }

    /// All contacts as JSON, by account, with their tag.
    var contactsBody: KeptReads.Body {
        let version = state.withLock { $0.contactsVersion }
        if let kept = environment.reads.body(of: .contacts, id, version) { return kept }
        return encode(state.withLock { $0.record.contactBook })
    }

    /// Everything of one instant as JSON: all is read under the lock that every change takes, and put in order after it.
    var snapshotBody: [UInt8] {
        let versions = state.withLock { ($0.contactsVersion, $0.version(telling: .snapshot)) }
        let reads = environment.reads
        if let contacts = reads.body(of: .contacts, id, versions.0), let rest = reads.body(of: .rest, id, versions.1) {
            return JSONWriter.joined(contacts.bytes, rest.bytes)
        }
        let (record, resource, contactsVersion, version) = state.withLock {
            ($0.record, $0.resource(telling: .snapshot), $0.contactsVersion, $0.version(telling: .snapshot))
        }
        let contacts = reads.body(of: .contacts, id, contactsVersion) ?? encode(record.contactBook)
        let rest = KeptReads.Body(bytes: JSONWriter.bytes(of: SnapshotRest(record, resource)))
        reads.keep(rest, of: .rest, id, version)
        return JSONWriter.joined(contacts.bytes, rest.bytes)
    }

    private func encode(_ book: ContactBook) -> KeptReads.Body {
        environment.atLength(self)
        let bytes = JSONWriter.bytes(of: JSONMember("contacts", book.resources()))
        let body = KeptReads.Body(bytes: bytes, tag: EntityTag.of(bytes))
        environment.reads.keep(body, of: .contacts, id, KeptReads.Version(changes: book.revision))
        return body
    }
}

extension Session.State {
    /// What the encoded session, and all that a snapshot shows besides the contacts, depend on.
    fileprivate func version(telling types: EventType.Set) -> KeptReads.Version {
        KeptReads.Version(
            changes: changes, lastReceivedAt: received, cursor: record.journal.cursor(telling: types).sequence)
    }

    fileprivate var contactsVersion: KeptReads.Version { KeptReads.Version(changes: record.rosterRevision) }

    /// The session as it is now.
    var resource: SessionResource { resource(telling: .session) }

    fileprivate func resource(telling types: EventType.Set) -> SessionResource {
        var resource = record.resource(telling: types)
        resource.lastReceivedAt = received == 0 ? nil : Timestamp(milliseconds: received)
        return resource
    }

    private var received: Int64 { client?.lastReceivedAt ?? lastReceivedAt }
}
