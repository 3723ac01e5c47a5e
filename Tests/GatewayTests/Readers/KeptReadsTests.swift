import MSNP
import Testing

@testable import Gateway

/// What reads were answered with, and how long it is kept.
@Suite struct KeptReadsTests {
    private let loop = ManualLoop()

    private func body(_ size: Int) -> KeptReads.Body { KeptReads.Body(bytes: [UInt8](repeating: 0, count: size)) }

    private func version(_ changes: UInt64) -> KeptReads.Version { KeptReads.Version(changes: changes) }

    @Test("A part is known in the version that was kept last, and in no other")
    func versions() {
        let reads = KeptReads(sweptOn: loop)
        #expect(reads.body(of: .session, "a", version(1)) == nil)
        reads.keep(body(10), of: .session, "a", version(1))
        #expect(reads.body(of: .session, "a", version(1))?.bytes.count == 10)
        #expect(reads.body(of: .contacts, "a", version(1)) == nil)
        #expect(reads.body(of: .session, "b", version(1)) == nil)
        #expect(reads.body(of: .session, "a", KeptReads.Version(changes: 1, lastReceivedAt: 1)) == nil)
        reads.keep(body(7), of: .session, "a", version(2))
        #expect(reads.body(of: .session, "a", version(1)) == nil)
        #expect(reads.body(of: .session, "a", version(2))?.bytes.count == 7)
        #expect(reads.bytes == 7)
    }

    @Test("All together have a limit, and what is read stays before what is not")
    func limit() {
        let reads = KeptReads(sweptOn: loop)
        let fitting = KeptReads.most / KeptReads.mostForOne
        reads.keep(body(KeptReads.mostForOne + 1), of: .session, "large", version(1))
        #expect(reads.bytes == 0, "one alone would have too much")
        for number in 0..<(4 * fitting) {
            reads.keep(body(KeptReads.mostForOne), of: .contacts, "\(number)", version(1))
            #expect(reads.bytes <= KeptReads.most)
            #expect(reads.body(of: .contacts, "0", version(1)) != nil, "read each time")
        }
        #expect(reads.bytes == KeptReads.most)
        #expect(reads.body(of: .contacts, "1", version(1)) == nil)
        #expect(reads.body(of: .contacts, "\(4 * fitting - 1)", version(1)) != nil)
    }

    @Test("Where all were read lately, one has to go all the same")
    func chances() {
        let reads = KeptReads(sweptOn: loop)
        let size = KeptReads.most / 64
        for number in 0..<64 {
            reads.keep(body(size), of: .rest, "\(number)", version(1))
            _ = reads.body(of: .rest, "\(number)", version(1))
        }
        reads.keep(body(size), of: .rest, "new", version(1))
        #expect(reads.bytes == KeptReads.most)
    }

    @Test("What nobody reads for a while goes, and nothing is looked after once nothing is kept")
    func sweep() {
        let reads = KeptReads(sweptOn: loop)
        #expect(loop.deadlines == 0)
        reads.keep(body(10), of: .session, "read", version(1))
        reads.keep(body(20), of: .session, "forgotten", version(1))
        #expect(loop.deadlines == 1, "one look for all")
        _ = reads.body(of: .session, "read", version(1))
        loop.pass(KeptReads.age)
        #expect(reads.bytes == 10)
        loop.pass(KeptReads.age)
        #expect(reads.bytes == 0)
        #expect(loop.deadlines == 0)
        reads.keep(body(10), of: .session, "read", version(1))
        #expect(loop.deadlines == 1)
    }

    @Test("Session, contacts and snapshot are encoded once, and anew when something has changed")
    func session() throws {
        let stage = try ReaderStage()
        let session = try stage.session()
        session.hear(.negotiated(.msnp6))
        session.hear(.listAdded(ListMember(handle: "bob@example.com", name: "Bob"), .forward, version: 2))
        let (body, contacts, snapshot) = (session.body, session.contactsBody, session.snapshotBody)
        let kept = stage.environment.reads.bytes
        #expect(kept > body.count + contacts.bytes.count)
        #expect(session.body == body)
        #expect(session.snapshotBody == snapshot)
        #expect(session.contactsBody.tag == contacts.tag)
        #expect(stage.environment.reads.bytes == kept)
        #expect(EntityTag.of(contacts.bytes) == contacts.tag)

        session.hear(.presence(.away, handle: "bob@example.com", name: nil))
        #expect(session.contactsBody.tag != contacts.tag)
        #expect(session.contactsBody.bytes != contacts.bytes)
        #expect(session.snapshotBody.starts(with: session.contactsBody.bytes.dropLast()))
        #expect(session.body != body, "the cursor is another")

        // Nothing of the contacts, and no event either.
        let (after, tag) = (session.snapshotBody, session.contactsBody.tag)
        session.hear(.reconnecting(.connectionLost, after: .seconds(1)))
        #expect(session.contactsBody.tag == tag)
        #expect(session.snapshotBody != after)
        session.hear(.ended(.signedOut))
        #expect(session.contactsBody.tag != tag, "nobody is online any more")
    }
}
