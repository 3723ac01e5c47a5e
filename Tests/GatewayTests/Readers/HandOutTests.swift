import HTTPFront
import Locking
import MSNP
import TestSupport
import Testing

@testable import Gateway

/// Nobody who waits is forgotten, and nobody is told twice, wherever in a turn they come or go.
@Suite struct HandOutTests {
    @Test("An event that comes alone is answered at the end of its turn; one soon after it waits for company")
    func aloneAndBurst() async throws {
        let stage = try ReaderStage()
        let session = try stage.session()
        let alone = try stage.parked(session)
        stage.loop.turn {
            session.hear(name: "a")
            session.hear(name: "b")
            #expect(alone.answered.isEmpty)
        }
        #expect(alone.answered.map(\.names) == [["a", "b"]])
        let burst = try stage.parked(session)
        stage.loop.turn { session.hear(name: "c") }
        stage.loop.pass(.milliseconds(1))
        stage.loop.turn { session.hear(name: "d") }
        #expect(burst.answered.isEmpty)
        stage.loop.pass(.milliseconds(1))
        #expect(burst.answered.map(\.names) == [["c", "d"]])
        #expect(alone.answered.count == 1)
        stage.loop.pass(.milliseconds(2))
        let later = try stage.parked(session)
        stage.loop.turn { session.hear(name: "e") }
        #expect(later.answered.map(\.names) == [["e"]])
        await stage.stop()
    }

    @Test("A poll that is parked after what it waits for has come is answered at once, and once")
    func between() async throws {
        let stage = try ReaderStage()
        let session = try stage.session()
        let before = try stage.poll(session)
        stage.loop.turn { session.hear(name: "a") }
        before.park()
        #expect(before.answered.map(\.names) == [["a"]])
        // With another one for whom the session is noted already.
        let waiting = try stage.parked(session)
        let during = try stage.poll(session)
        stage.loop.turn {
            session.hear(name: "b")
            during.park()
        }
        #expect(waiting.answered.map(\.names) == [["b"]])
        #expect(during.answered.map(\.names) == [["b"]])
        stage.loop.pass(.seconds(1))
        #expect(before.answered.count + waiting.answered.count + during.answered.count == 3)
        await stage.stop()
    }

    @Test("A session that ends while it is noted tells all of it, from whatever thread it ends")
    func ended() async throws {
        let stage = try ReaderStage()
        let session = try stage.session()
        let first = try stage.parked(session)
        stage.loop.turn { session.hear(name: "a") }
        #expect(first.answered.count == 1)
        let last = try stage.parked(session)
        stage.loop.turn { session.hear(name: "b") }
        session.end(.expired)
        #expect(last.answered.isEmpty)
        stage.loop.pass(.milliseconds(2))
        #expect(last.answered.map(\.types) == [["session.updated", "session.state"]])
        #expect(last.answered.first?.value("ended") == .bool(true))
        let late = try stage.poll(session)
        #expect(late.answered.first?.value("ended") == .bool(true))
        await stage.stop()
    }

    @Test("An end that no turn brings is told in a turn of its own; where the loops have ended, right there")
    func endedElsewhere() async throws {
        let stage = try ReaderStage()
        let (alice, bob) = (try stage.session(), try stage.session("bob@example.com"))
        let polls = (try stage.parked(alice), try stage.parked(bob))
        alice.end(.signedOut)
        #expect(polls.0.answered.isEmpty)
        stage.loop.turn()
        #expect(polls.0.answered.map(\.types) == [["session.state"]])
        stage.loop.close()
        bob.end(.gatewayShutdown)
        #expect(polls.1.answered.map(\.types) == [["session.state"]])
        await stage.stop()
    }

    @Test("What is owed when the server drains goes out with its answer, and not again")
    func draining() async throws {
        let stage = try ReaderStage()
        let session = try stage.session()
        let poll = try stage.parked(session)
        stage.loop.turn {
            session.hear(name: "a")
            poll.release()
        }
        #expect(poll.answered.map(\.names) == [["a"]])
        // And while it waits for its deadline, at which nothing of it is left.
        let waiting = try stage.parked(session)
        stage.loop.turn { session.hear(name: "b") }
        waiting.release()
        #expect(waiting.answered.map(\.names) == [["b"]])
        stage.loop.pass(.seconds(1))
        #expect(poll.answered.count + waiting.answered.count == 2)
        await stage.stop()
    }

    @Test("A turn that brings more than the journal holds leaves a gap, which is told")
    func overflow() async throws {
        let stage = try ReaderStage { $0.journal.events = 3 }
        let session = try stage.session()
        let poll = try stage.parked(session)
        stage.loop.turn { for number in 1...10 { session.hear(name: "n\(number)") } }
        #expect(poll.answered.map(\.status) == [410])
        #expect(poll.answered.first?.value("missed") == .number(7))
        await stage.stop()
    }

    @Test("Whoever asked for the oldest and has come to the last event misses what goes from then on, and is told")
    func overflowBehindOldest() async throws {
        let stage = try ReaderStage { $0.journal.events = 3 }
        let session = try stage.session()
        let filter = try TypeFilter(parsing: "privacy.changed")
        let poll = try stage.poll(session) { ($0.position, $0.filter) = (.oldest, filter) }
        poll.park()
        stage.loop.turn {
            session.hear(.privacy(.block))
            for number in 1...10 { session.hear(name: "n\(number)") }
        }
        #expect(poll.answered.map(\.status) == [410])
        #expect(poll.answered.first?.value("missed") == .number(8))
        await stage.stop()
    }

    @Test("A turn that brings more than the journal holds is nothing to a poll that wants none of it")
    func filtered() async throws {
        let stage = try ReaderStage { $0.journal.events = 3 }
        let session = try stage.session()
        let filter = try TypeFilter(parsing: "presence.own")
        let poll = try stage.poll(session) { $0.filter = filter }
        poll.park()
        stage.loop.turn { for number in 1...10 { session.hear(name: "n\(number)") } }
        #expect(poll.answered.isEmpty)
        let isOwing = session.readers.state.withLock { $0.isOwing }
        #expect(!isOwing)
        stage.loop.turn {
            session.hear(.ownPresence(.busy, forced: false))
            session.hear(name: "last")
        }
        #expect(poll.answered.map(\.types) == [["presence.own"]])
        // An end is for everybody.
        let other = try stage.poll(session) { $0.filter = filter }
        other.park()
        session.end(.signedOut)
        stage.loop.pass(.milliseconds(2))
        #expect(other.answered.first?.value("ended") == .bool(true))
        await stage.stop()
    }

    @Test("A feed whose sessions live on several loops is noted on one of them, and tells each event once")
    func feed() async throws {
        let stage = try ReaderStage(loops: 2)
        let (alice, bob) = (try stage.session(), try stage.session("bob@example.com"))
        let feed = OwnerFeed(limits: stage.environment.currentLimits, clock: stage.environment.clock)
        feed.join(alice)
        feed.join(bob)
        func poll() throws -> ReaderStage.Poll {
            let poll = ReaderStage.Poll(try feed.poll(ReadQuery()))
            poll.park()
            return poll
        }
        let first = try poll()
        stage.loops[0].turn { alice.hear(name: "a") }
        #expect(first.answered.map(\.names) == [["a"]])
        let second = try poll()
        stage.loops[0].turn { alice.hear(name: "b") }
        stage.loops[1].turn { bob.hear(name: "c") }
        #expect(stage.loops.map(\.deadlines) == [1, 0])
        #expect(second.answered.isEmpty)
        stage.loops[1].pass(.milliseconds(2))
        #expect(second.answered.isEmpty)
        stage.loops[0].pass(.milliseconds(2))
        #expect(second.answered.map(\.names) == [["b", "c"]])
        // Between the look and the parking.
        let between = ReaderStage.Poll(try feed.poll(ReadQuery()))
        stage.loops[1].turn { bob.hear(name: "d") }
        between.park()
        #expect(between.answered.map(\.names) == [["d"]])
        for loop in stage.loops { loop.pass(.seconds(1)) }
        #expect(first.answered.count + second.answered.count + between.answered.count == 3)
        await stage.stop()
    }
}
