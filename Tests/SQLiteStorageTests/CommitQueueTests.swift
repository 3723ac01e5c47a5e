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
    func sleeping() async {
        let queue = CommitQueue(mostPerSession: 1_000, most: 1_000)
        let begun = Doorbell()
        for _ in 0..<50 {
            queue.add(changes([.put(consumer("bot", 1))]))
            #expect(queue.take(atMost: .zero).count == 1)
            async let next = withCheckedContinuation { continuation in
                let error = StoreThread.start {
                    begun.ring()
                    continuation.resume(returning: queue.take(atMost: .seconds(600)).count)
                }
                #expect(error == 0)
            }
            #expect(begun.wait(atMost: .seconds(600)))
            queue.add(changes([.put(consumer("bot", 2))]))
            #expect(await next == 1)
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
}
