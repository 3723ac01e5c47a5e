import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// Events that memory no longer holds come from the store, and readers see no difference.
@Suite(.timeLimit(.minutes(5))) struct OlderEventsTests {
    /// A session whose events are in a store, and the same one in memory alone.
    private struct Stage {
        let store = ManualStore()
        let stages: [ReaderStage]
        let kept: Session
        let inMemory: Session
        var keptStage: ReaderStage { stages[0] }

        init(_ change: (inout GatewayLimits) -> Void = { _ in }) throws {
            let keeper = StateKeeper(store: store)
            stages = [try ReaderStage(state: keeper, change), try ReaderStage(change)]
            keeper.retain(stages[0].environment.limits)
            store.writePromptly()
            kept = try stages[0].namedSession()
            inMemory = try stages[1].namedSession()
        }

        /// So many events, every fifth of another type, all of them written.
        func happen(_ numbers: ClosedRange<Int>) async throws {
            for session in [kept, inMemory] {
                for number in numbers {
                    session.hear(
                        number.isMultiple(of: 5)
                            ? .ownPresence(number.isMultiple(of: 2) ? .busy : .away, forced: false)
                            : .ownDisplayName("Name \(number)"))
                }
            }
            try await store.flush()
        }

        /// Lets the oldest of 300 events go while somebody waits for them to be read, and then has them read.
        func loseOldest() async throws {
            while store.readers == 0 { await Task.yield() }
            var retention = Retention()
            retention.events = 150
            store.disk.retain(retention)
            try await happen(301...310)
            store.read()
        }

        func cursor(_ number: UInt64) -> Cursor { kept.cursor(number) }

        func poll(_ change: (inout ReadQuery) -> Void) throws -> ReaderStage.Poll {
            let poll = try stages[0].poll(kept, change)
            poll.park()
            return poll
        }

        /// What a poll that wants no waiting is answered, or refused.
        func answer(_ session: Session, _ query: ReadQuery) async -> TestAnswer {
            do throws(Problem) {
                let poll = ReaderStage.Poll(try session.poll(query))
                poll.park()
                return await poll.answer()
            } catch {
                return TestAnswer(error.response(instance: "", requestID: "r"))
            }
        }

        /// All that a stream has up to its first comment, or its end.
        func text(_ session: Session, _ query: ReadQuery, through last: UInt64) async throws -> [String] {
            guard case .stream(let streaming) = try session.stream(query) else { return [] }
            let stream = TestStream(streaming) { _ in }
            stream.start()
            _ = try await stream.event { $0.id.hasSuffix(".\(last)") }
            stream.leave()
            return stream.events.map { "\($0.id) \($0.type) \($0.data)" }
        }

        func stop() async { for stage in stages { await stage.stop() } }
    }

    private static func queries() throws -> [ReadQuery] {
        var queries: [ReadQuery] = []
        for types in [nil, "presence.own", "session.*", "privacy.changed"] {
            for limit in [1, 7, 100, 500] {
                var positions = [ReadPosition.oldest, .now]
                for number: UInt64 in [0, 1, 99, 100, 101, 200, 236, 237, 238, 300, 301, 302] {
                    positions.append(.after(Cursor(epoch: "abcdefgh", sequence: number)))
                }
                for position in positions {
                    var query = ReadQuery()
                    (query.position, query.limit, query.wait) = (position, limit, 0)
                    if let types { query.filter = try TypeFilter(parsing: types) }
                    queries.append(query)
                }
            }
        }
        return queries
    }

    @Test("Polls have the same bytes as with all in memory, from any place on", arguments: [0, 150])
    func sameBytes(most: Int) async throws {
        let stage = try Stage { $0.journal.events = most }
        try await stage.happen(1...300)
        let held = stage.kept.state.withLock { $0.record.journal.bytes }
        #expect(held <= JournalLimits.tail.bytes)
        #expect(stage.inMemory.state.withLock { $0.record.journal.bytes } > held)
        for query in try Self.queries() {
            let (kept, inMemory) = (await stage.answer(stage.kept, query), await stage.answer(stage.inMemory, query))
            #expect(kept.status == inMemory.status, "\(query)")
            #expect(kept.text == inMemory.text, "\(query)")
        }
        await stage.stop()
    }

    @Test("A poll whose filter leaves all of it out waits like any other, at the place that it has come to")
    func waits() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        let poll = try stage.poll {
            $0.position = .oldest
            $0.filter = (try? TypeFilter(parsing: "privacy.changed")) ?? .everything
        }
        while stage.kept.readers.state.withLock({ $0.polls.first?.isAtStore ?? true }) { await Task.yield() }
        #expect(poll.answered.isEmpty)
        #expect(stage.kept.readers.state.withLock { $0.polls.first?.position } == 301)
        stage.kept.hear(.privacy(.block))
        try await stage.store.flush()
        stage.keptStage.loop.turn()
        #expect(poll.answered.first?.types == ["privacy.changed"])
        await stage.stop()
    }

    @Test("What comes while the store reads is not passed over")
    func news() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.holdReads()
        let poll = try stage.poll {
            $0.position = .oldest
            $0.filter = (try? TypeFilter(parsing: "privacy.changed")) ?? .everything
        }
        while stage.store.readers == 0 { await Task.yield() }
        stage.kept.hear(.privacy(.block))
        try await stage.store.flush()
        stage.keptStage.loop.turn()
        #expect(poll.answered.isEmpty)
        stage.store.read()
        #expect(await poll.answer().types == ["privacy.changed"])
        await stage.stop()
    }

    @Test("Whoever leaves meanwhile is gone, and whose time is over goes on where it was")
    func leaving() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.holdReads()
        let (gone, late) = (try stage.poll { $0.position = .oldest }, try stage.poll { $0.position = .oldest })
        while stage.store.readers < 2 { await Task.yield() }
        gone.leave()
        late.release()
        let answer = await late.answer()
        #expect(answer.status == 200)
        #expect(answer.events.isEmpty)
        #expect(try answer.string("next") == "abcdefgh.0")
        #expect(answer.value("more") == .bool(true))
        #expect(stage.kept.readers.isEmpty)
        stage.store.read()
        try await stage.store.flush()
        #expect(gone.answered.isEmpty)
        #expect(late.answered.count == 1)
        await stage.stop()
    }

    @Test("A store that can't be read is said to be so, and keeps nobody")
    func failing() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.failReads()
        for wait in [0, 30] {
            let answer = try await stage.poll {
                $0.position = .oldest
                $0.wait = wait
            }.answer()
            #expect(answer.code == "state-unavailable")
            #expect(answer.header("Retry-After") != nil)
        }
        // What memory holds is read as ever.
        var query = ReadQuery()
        (query.position, query.wait) = (.after(stage.cursor(290)), 0)
        #expect(await stage.answer(stage.kept, query).events.count == 11)
        query.position = .oldest
        guard case .stream(let streaming) = try stage.kept.stream(query) else { return }
        let stream = TestStream(streaming) { _ in }
        stream.start()
        try await stream.finished.first { _ in true }
        #expect(stream.events.isEmpty)
        #expect(stage.kept.readers.isEmpty)
        await stage.stop()
    }

    @Test("A session that is removed meanwhile has nothing to read")
    func removed() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.holdReads()
        let poll = try stage.poll { $0.position = .oldest }
        while stage.store.readers == 0 { await Task.yield() }
        stage.kept.end(.signedOut)
        stage.kept.endKeeping(nil)
        try await stage.store.flush()
        stage.store.read()
        #expect(await poll.answer().code == "cursor-expired")
        #expect(stage.kept.readers.isEmpty)
        await stage.stop()
    }

    @Test("Events that can't be read are a gap in their place, and what is around them is read")
    func damage() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.damage([4, 5, 9])
        var query = ReadQuery()
        (query.position, query.wait, query.limit) = (.oldest, 0, 4)
        var (told, missed) = ([Double](), [JSONValue?]())
        for _ in 0..<7 {
            let answer = await stage.answer(stage.kept, query)
            told += answer.events.compactMap { if case .number(let seq)? = $0["seq"] { seq } else { nil } }
            if answer.status == 410 { missed.append(answer.value("missed")) }
            let next = try answer.string(answer.status == 410 ? "oldest" : "next")
            query.position = try ReadPosition(parsing: next)
        }
        #expect(told == [1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])
        #expect(missed == [.number(2), .number(1)])
        query.position = .oldest
        let rest = await stage.answer(stage.kept, query)
        #expect(rest.events.first?["seq"] == .number(10), "who was told begins behind it")
        await stage.stop()
    }

    @Test("However many events in a row can't be read, their reader is told once", arguments: [21...220, 1...400])
    func wideDamage(numbers: ClosedRange<UInt64>) async throws {
        let stage = try Stage()
        try await stage.happen(1...500)
        stage.store.damage(Set(numbers))
        var query = ReadQuery()
        query.wait = 0
        query.position = .after(stage.cursor(numbers.lowerBound - 1))
        let gap = await stage.answer(stage.kept, query)
        #expect(gap.code == "cursor-expired")
        #expect(gap.value("missed") == .number(Double(numbers.count)))
        query.position = try ReadPosition(parsing: try gap.string("oldest"))
        #expect(await stage.answer(stage.kept, query).events.first?["seq"] == .number(Double(numbers.upperBound + 1)))
        await stage.stop()
    }

    @Test("Whoever asks for the oldest while it goes begins with what is the oldest then")
    func oldestGoes() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.holdReads()
        let poll = try stage.poll { ($0.position, $0.wait) = (.oldest, 0) }
        try await stage.loseOldest()
        let answer = await poll.answer()
        #expect(answer.status == 200)
        let oldest = stage.store.span(of: SessionID(stage.kept.id)).oldest
        #expect(oldest > 0)
        #expect(answer.events.first?["seq"] == .number(Double(oldest + 1)))
        await stage.stop()
    }

    @Test("A stream from the oldest, which goes before anything is told, begins with what is the oldest then")
    func oldestGoesBeforeStream() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.store.holdReads()
        var query = ReadQuery()
        query.position = .oldest
        guard case .stream(let streaming) = try stage.kept.stream(query) else { throw TestError("no stream") }
        let stream = TestStream(streaming) { _ in }
        stream.start()
        try await stage.loseOldest()
        _ = try await stream.event { $0.id.hasSuffix(".311") }
        let oldest = stage.store.span(of: SessionID(stage.kept.id)).oldest
        #expect(oldest > 0)
        #expect(stream.events.first?.id == stage.cursor(oldest + 1).text)
        #expect(stream.events.map(\.type).allSatisfy { $0 != "gap" })
        stream.leave()
        await stage.stop()
    }

    @Test("Streams have the same events as with all in memory, and are told of the gap")
    func streams() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        var query = ReadQuery()
        query.position = .oldest
        let all = try await stage.text(stage.kept, query, through: 301)
        #expect(all == (try await stage.text(stage.inMemory, query, through: 301)))
        #expect(all.count == 301)
        stage.store.damage([4, 5, 9])
        let damaged = try await stage.text(stage.kept, query, through: 301)
        #expect(damaged.count == 300)
        #expect(damaged.filter { $0.contains(#""missed":2"#) || $0.contains(#""missed":1,"#) }.count == 2)
        await stage.stop()
    }

    @Test("A stream of an ended session that has nothing for its reader ends for good")
    func endedStream() async throws {
        let stage = try Stage()
        try await stage.happen(1...300)
        stage.kept.end(.signedOut)
        try await stage.store.flush()
        var query = ReadQuery()
        (query.position, query.filter) = (.oldest, try TypeFilter(parsing: "privacy.changed"))
        guard case .stream(let streaming) = try stage.kept.stream(query) else {
            Issue.record("what is in the store is not known yet")
            return
        }
        let stream = TestStream(streaming) { _ in }
        stream.start()
        try await stream.finished.first { _ in true }
        #expect(stream.events.isEmpty)
        guard case .position(let last)? = stream.items.all.last else {
            Issue.record("the stream says where it has come to")
            return
        }
        query.position = try ReadPosition(parsing: last)
        guard case .now(let response) = try stage.kept.stream(query) else {
            Issue.record("nothing comes any more")
            return
        }
        #expect(response.status == 204)
        await stage.stop()
    }
}
