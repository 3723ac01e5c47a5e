import Locking
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// What waits for the writer.
@Suite struct CommitQueueTests {
    static let alice = SessionID("alice-session")

    private func consumer(_ name: String, _ seq: UInt64) -> StoredConsumer {
        StoredConsumer(session: Self.alice, name: name, seq: seq)
    }

    private func changes(
        _ changes: [RecordChange], done: (@Sendable (StoreError?) -> Void)? = nil
    ) -> CommitQueue.Changes {
        CommitQueue.Changes(changes: changes, patience: .untilWritten, done: done)
    }

    @Test("The writer sleeps until something comes, though the bell rang for what it has taken already")
    func sleeping() {
        let queue = CommitQueue(mostPerSession: 1_000, most: 1_000, uptime: { .zero })
        let bell = Doorbell()
        let taken = Locked(0)
        for round in 1...50 {
            queue.add(changes([.put(consumer("bot", 1))]))
            #expect(queue.take(atMost: .zero).count == 1)
            // No task: those of this process are done by few threads, and this one waits.
            let error = StoreThread.start {
                bell.ring()
                let count = queue.take(atMost: .seconds(600)).count
                taken.withLock { $0 += count }
                bell.ring()
            }
            #expect(error == 0)
            #expect(bell.wait(atMost: .seconds(600)))
            queue.add(changes([.put(consumer("bot", 2))]))
            #expect(bell.wait(atMost: .seconds(600)))
            #expect(taken.withLock { $0 } == round)
        }
        queue.close()
        #expect(queue.take(atMost: .seconds(600)).isEmpty)
    }

    @Test("What later changes replace is let go, and order, events and whoever waits stay")
    func replaced() throws {
        let told = Recorder<StoreError?>()
        let event = CommitQueue.Event(session: Self.alice, seq: 1, event: .numbered(1), second: 0)
        var work: [CommitQueue.Work] = [
            .changes(changes([.put(consumer("bot", 1)), .put(consumer("other", 1))])),
            .event(event),
            .changes(changes([.put(consumer("bot", 2))], done: { told.record($0) })),
            .changes(changes([.remove(consumer("gone", 1).key)])),
            .changes(changes([.removeSession(Self.alice)])),
            .changes(changes([.put(consumer("bot", 3)), .put(consumer("gone", 2)), .put(consumer("bot", 4))])),
        ]
        work.dropReplaced()
        var left: [String] = []
        for work in work {
            switch work {
            case .event(let event): left.append("event \(event.seq)")
            case .changes(let changes):
                changes.done?(nil)
                left += changes.changes.map { change in
                    switch change {
                    case .put(let record): "put \((record as? StoredConsumer).map { "\($0.name) \($0.seq)" } ?? "")"
                    case .remove: "remove"
                    case .removeSession(let session): "remove \(session.text)"
                    }
                }
            }
        }
        #expect(left == ["put other 1", "event 1", "remove alice-session", "put gone 2", "put bot 4"])
        #expect(told.all == [nil])
    }

    @Test("Records count to what may wait as events do, and what is refused or replaced counts no more")
    func records() {
        let queue = CommitQueue(mostPerSession: 1_000, most: 3_000, uptime: { .zero })
        func message(_ number: UInt64, of session: SessionID, size: Int) -> RecordChange {
            .put(
                StoredMessage(
                    session: session, number: number, text: String(repeating: "x", count: size), sentAt: 0,
                    outcome: "pending"))
        }
        let bob = SessionID("bob")
        let noEvents: [CommitQueue.Event] = []
        #expect(queue.take(noEvents, changes([message(1, of: Self.alice, size: 100)]), of: Self.alice) == .taken)
        #expect(queue.bytes > 100)
        #expect(queue.take(noEvents, changes([message(2, of: Self.alice, size: 900)]), of: Self.alice) == .takenAndFull)
        #expect(queue.take(noEvents, changes([message(1, of: bob, size: 100)]), of: bob) == .taken, "others have room")
        // What nobody hands in with events counts for its session, too.
        queue.add(changes([message(2, of: bob, size: 900)]))
        #expect(queue.take(noEvents, changes([.put(consumer("bot", 1))]), of: bob) == .takenAndFull)
        let work = queue.take(atMost: .zero)
        #expect(work.count == 5)
        #expect(Set(queue.wrote(work)) == [Self.alice, bob])
        #expect(queue.bytes == 0)
    }

    @Test("What changes often while the writer is stuck takes the room of what is new, and no more")
    func crowd() {
        let queue = CommitQueue(mostPerSession: 1 << 20, most: 1 << 20, uptime: { .zero })
        for number in 1...20_000 { queue.add(changes([.put(consumer("bot \(number % 10)", UInt64(number)))])) }
        #expect(queue.bytes < 1 << 20)
        let work = queue.take(atMost: .zero)
        #expect(work.count < 9_000)
        _ = queue.wrote(work)
        #expect(queue.bytes == 0)
    }

    @Test("What may yet be refused replaces nothing")
    func refusable() {
        var work: [CommitQueue.Work] = [
            .changes(changes([.put(consumer("bot", 1))])),
            .changes(CommitQueue.Changes(changes: [.put(consumer("bot", 2))], patience: .orNothing, done: nil)),
        ]
        #expect(work.dropReplaced().isEmpty)
        #expect(work.count == 2)
        work.append(.changes(changes([.put(consumer("bot", 3))])))
        #expect(work.dropReplaced().count == 2)
        #expect(work.count == 1)
    }

    @Test("A disk that does not answer for long is one that fails, which is told once, until it answers")
    func silent() {
        let clock = HandClock()
        let queue = CommitQueue(mostPerSession: 1, most: 1, uptime: { .seconds(Int(clock.seconds)) })
        #expect(queue.look() == (.good, false))
        queue.ask(true)
        clock.advance(by: 9)
        #expect(queue.look() == (.good, false))
        clock.advance(by: 1)
        #expect(queue.look() == (.failing("the disk does not answer"), true))
        #expect(queue.look().isNews == false)
        let refused = Recorder<StoreError?>()
        queue.add(
            CommitQueue.Changes(changes: [], patience: .orNothing, done: { refused.record($0) }))
        #expect(refused.all == [.unavailable("the disk does not answer")])
        queue.ask(false)
        #expect(queue.become(.good), "whoever was told that it fails hears that it does not")
        #expect(queue.look() == (.good, false))
    }
}
