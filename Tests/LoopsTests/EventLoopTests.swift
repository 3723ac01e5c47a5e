import CLinux
import Glibc
import Locking
import Synchronization
import TestSupport
import Testing

@testable import Loops

/// The turns of a loop: what comes in which order, and what becomes of what comes too late.
@Suite(.timeLimit(.minutes(2))) struct EventLoopTests {
    /// A time that passes when a test says so.
    private final class Time: Sendable {
        private let time = Locked(MonotonicInstant.now)
        var now: MonotonicInstant { time.withLock { $0 } }
        func pass(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    @Test("A turn does what it was given, what that gave, what waits for its end, and then its guests' turns")
    func order() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let order = Recorder<String>()
        let guest = TestGuest()
        guest.turn = {
            // What a guest's turn leaves for the end is done before the turn is over.
            if order.all.last == "end" { loop.atEndOfTurn { order.record("after the guest") } }
        }
        #expect(loop.join(guest, at: loop.reserve()))
        #expect(!loop.isCurrent)
        let isPosted = loop.post {
            order.record(loop.isCurrent ? "posted" : "elsewhere")
            loop.atEndOfTurn { order.record("end") }
            _ = loop.post { order.record("job") }
            order.record("done")
        }
        #expect(isPosted)
        try await order.first { $0 == "after the guest" }
        #expect(order.all == ["posted", "done", "job", "end", "after the guest"])
        await group.shutdown()
        #expect(guest.calls.all.last == "leave")
    }

    /// Something of which it is seen whether anybody still holds it.
    private final class Held: Sendable {}

    @Test("What a timer does goes with the loop, whoever keeps the timer, and also if the loop's last work sets it")
    func timersThatNeverFire() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        weak var early: Held?
        weak var late: Held?
        let timers = Recorder<LoopTimer>()
        do {
            let (first, last) = (Held(), Held())
            (early, late) = (first, last)
            timers.record(loop.after(.seconds(3600)) { _ = first })
            let isPosted = loop.post {
                loop.end()
                // More than a turn does, so that the next ones are left to the end.
                for _ in 0..<LoopState.jobsAtATime { _ = loop.post {} }
                _ = loop.post { _ = loop.post { timers.record(loop.after(.seconds(3600)) { _ = last }) } }
            }
            #expect(isPosted)
        }
        await group.shutdown()
        #expect(timers.all.count == 2)
        #expect(early == nil)
        #expect(late == nil)
    }

    @Test("A loop that is told to end waits for its guests, and what comes to it then is done all the same")
    func ending() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let guest = TestGuest()
        guest.stays = true
        #expect(loop.join(guest, at: loop.reserve()))
        group.end()
        for _ in 0..<3 {
            await withCheckedContinuation { continuation in
                let isPosted = loop.post { continuation.resume() }
                #expect(isPosted)
            }
        }
        #expect(!guest.calls.all.contains("leave"))
        guest.stays = false
        await group.shutdown()
        #expect(guest.calls.all.last == "leave")
    }

    @Test("What was posted before the end is done, what comes after it is not, and nothing of it is kept")
    func mailboxCloses() async throws {
        final class Held: Sendable {
            let isGone: Recorder<Void>
            init(_ isGone: Recorder<Void>) { self.isGone = isGone }
            deinit { isGone.record(()) }
        }
        for delay in 0..<50 {
            let group = try LoopGroup(count: 1)
            let loop = group.loops[0]
            let (taken, done, isGone) = (Recorder<Void>(), Recorder<Void>(), Recorder<Void>())
            let poster = Task.detached {
                for _ in 0..<200 {
                    let held = Held(isGone)
                    let isTaken = loop.post {
                        withExtendedLifetime(held) { done.record(()) }
                    }
                    if isTaken { taken.record(()) }
                }
            }
            for _ in 0..<delay { await Task.yield() }
            await group.shutdown()
            await poster.value
            #expect(done.all.count == taken.all.count)
            #expect(!loop.post { Issue.record("after the end") })
            while isGone.all.count < 200 { await Task.yield() }
        }
    }

    @Test("A loop and what it holds are gone when nobody has it any more")
    func cycles() async throws {
        weak var known: EventLoop?
        weak var guest: TestGuest?
        do {
            let group = try LoopGroup(count: 1)
            let loop = group.loops[0]
            known = loop
            let lodger = TestGuest()
            guest = lodger
            #expect(loop.join(lodger, at: loop.reserve()))
            // Holds the loop, and never fires.
            loop.after(.seconds(3_600)) { _ = loop.isCurrent }
            await group.shutdown()
        }
        while known != nil || guest != nil { await Task.yield() }
    }

    @Test("A group that is let go ends its threads")
    func letGo() async throws {
        weak var known: EventLoop?
        do {
            let group = try LoopGroup(count: 2)
            known = group.loops[1]
        }
        while known != nil { await Task.yield() }
    }

    @Test("Timers fire in their order, cancelled ones never, wherever they were cancelled")
    func timers() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let fired = Recorder<Int>()
        let now = MonotonicInstant.now
        // Set on the loop while it can't look at them.
        await withCheckedContinuation { continuation in
            _ = loop.post {
                loop.at(now + .milliseconds(3)) { fired.record(3) }
                loop.at(now + .milliseconds(1)) { fired.record(1) }
                loop.at(now + .milliseconds(2)) { fired.record(2) }.cancel()
                continuation.resume()
            }
        }
        // From elsewhere, on its way to the loop, which is busy until that is done.
        let cancelled = Recorder<Void>()
        _ = loop.post { while cancelled.all.isEmpty { sched_yield() } }
        loop.at(now) { fired.record(0) }.cancel()
        cancelled.record(())
        try await fired.first { $0 == 3 }
        #expect(fired.all == [1, 3])
        await group.shutdown()
    }

    @Test("A cancelled deadline wakes nobody")
    func cancelledDeadlines() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let alarm = await withCheckedContinuation { continuation in
            _ = loop.post {
                let timer = loop.after(.milliseconds(1)) {}
                loop.after(.seconds(3_600)) {}
                timer.cancel()
                #expect(loop.own.isAtRest())
                continuation.resume(returning: loop.own.alarm.time)
            }
        }
        #expect(try #require(alarm) > .now + .seconds(3_000))
        await group.shutdown()
    }

    @Test("A deadline is kept to the microsecond, and not to the next millisecond")
    func fineDeadlines() throws {
        let poller = try Poller()
        var alarm = try Alarm(on: poller, tag: 1)
        var room = Poller.Room()
        // Rounded up, none would ever take less; however busy the machine is, some time one does.
        var began = MonotonicInstant.now
        repeat {
            began = .now
            alarm.set(for: began + .microseconds(10))
            poller.wait(isPatient: true, into: &room)
            alarm.wentOff()
        } while .now - began >= .milliseconds(1)
    }

    @Test("An alarm goes off for the earliest deadline that it was set for, once, and again when it is set again")
    func alarm() throws {
        let poller = try Poller()
        var alarm = try Alarm(on: poller, tag: 7)
        var room = Poller.Room()
        #expect(alarm.time == nil)
        let soon = MonotonicInstant.now + .milliseconds(1)
        alarm.set(for: soon + .seconds(3_600))
        alarm.set(for: soon)
        // Not moved by what is later: setting it costs a call of the kernel.
        alarm.set(for: soon + .seconds(60))
        #expect(alarm.time == soon)
        poller.wait(isPatient: true, into: &room)
        #expect(room.events.map(\.tag) == [7])
        #expect(MonotonicInstant.now >= soon)
        alarm.wentOff()
        #expect(alarm.time == nil)
        // Nobody is woken again for what is over.
        poller.wait(isPatient: false, into: &room)
        #expect(room.events.isEmpty)
        // What has been due for long is due at once.
        alarm.set(for: soon - .seconds(60))
        poller.wait(isPatient: true, into: &room)
        #expect(room.events.map(\.tag) == [7])
    }

    @Test("What is due is done at its time although the alarm was set for something earlier, which is cancelled")
    func alarmForNothing() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let fired = Recorder<MonotonicInstant>()
        let (soon, later) = (MonotonicInstant.now + .milliseconds(1), MonotonicInstant.now + .milliseconds(3))
        _ = loop.post {
            let timer = loop.at(soon) { Issue.record("it was cancelled") }
            loop.at(later) { fired.record(.now) }
            #expect(loop.own.isAtRest())
            #expect(loop.own.alarm.time == soon)
            timer.cancel()
        }
        try await fired.first { $0 >= later }
        await group.shutdown()
    }

    @Test("A guest hears of its descriptors by its own tags, and of none that it has left")
    func descriptors() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let (one, other) = (TestGuest(), TestGuest())
        let number = eventfd(0, 0)
        let descriptor = Descriptor(owning: number)
        one.event = { _ in loop.unwatch(number) }
        let place = loop.reserve()
        #expect(loop.join(other, at: loop.reserve()))
        #expect(loop.join(one, at: place))
        try loop.watch(descriptor.number, for: 1, tag: 1 << 55 + 7, of: place)
        eventfd_write(descriptor.number, 1)
        try await one.calls.first { $0 == "happened \(1 << 55 + 7)" }
        await group.shutdown()
        #expect(one.calls.all.count { $0.hasPrefix("happened") } == 1)
        #expect(!other.calls.all.contains { $0.hasPrefix("happened") })
        // Each hears when its time begins and ends.
        let calls = one.calls.all.filter { $0 == "resume" || $0 == "pause" }
        #expect(calls.enumerated().allSatisfy { $0.element == ($0.offset % 2 == 0 ? "resume" : "pause") })
    }

    @Test("A turn is long beyond a guest's limit, and only the guest that took most of it is told")
    func longTurns() async throws {
        let time = Time()
        let group = try LoopGroup(count: 1, time: { time.now })
        let loop = group.loops[0]
        let (first, second) = (TestGuest(longTurn: .milliseconds(50)), TestGuest(longTurn: .milliseconds(50)))
        #expect(loop.join(first, at: loop.reserve()))
        #expect(loop.join(second, at: loop.reserve()))
        func turn(_ duration: Duration, ofSecond: Duration) async {
            await withCheckedContinuation { continuation in
                _ = loop.post {
                    second.taken = { ofSecond }
                    time.pass(duration)
                    loop.atEndOfTurn { continuation.resume() }
                }
            }
        }
        await turn(.milliseconds(50), ofSecond: .zero)
        // What was given to the loop is the first one's.
        await turn(.milliseconds(51), ofSecond: .milliseconds(25))
        try await first.longTurns.first { $0 == .milliseconds(51) }
        await turn(.milliseconds(60), ofSecond: .milliseconds(31))
        try await second.longTurns.first { $0 == .milliseconds(60) }
        await group.shutdown()
        #expect(first.longTurns.all == [.milliseconds(51)])
        #expect(second.longTurns.all == [.milliseconds(60)])
    }

    /// An actor that lives on a loop.
    private actor Resident {
        nonisolated let loop: EventLoop
        private(set) var visits = 0
        /// Whether a visit found another one there.
        private(set) var hasOverlapped = false
        private let isVisited = Atomic(false)
        init(on loop: EventLoop) { self.loop = loop }
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
        func visit() -> Bool {
            if isVisited.exchange(true, ordering: .relaxed) { hasOverlapped = true }
            defer { isVisited.store(false, ordering: .relaxed) }
            visits += 1
            return loop.isCurrent
        }
        nonisolated func look() -> Int { assumeIsolated { $0.visits } }
    }

    @Test("An actor that lives on a loop is there, and lives on, by itself, when the loop has ended")
    func residents() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let resident = Resident(on: loop)
        #expect(await resident.visit())
        let seen = await withCheckedContinuation { continuation in
            _ = loop.post { continuation.resume(returning: resident.look()) }
        }
        #expect(seen == 1)
        await group.shutdown()
        #expect(await resident.visit() == false)
        // One after the other, as ever.
        await withTaskGroup { tasks in
            for _ in 0..<1_000 { tasks.addTask { _ = await resident.visit() } }
        }
        #expect(await resident.visits == 1_002)
    }

    /// What became of what comes too late.
    private final class Lateness: Sendable {
        let order = Locked<[String]>([])
        let task = Locked<Task<Void, Never>?>(nil)
        let isAsked = Locked(false)
    }

    /// Runs a body after so many others, each of which is given by the one before.
    private static func post(on loop: EventLoop, after others: Int, _ body: @escaping @Sendable () -> Void) {
        _ = loop.post { others == 0 ? body() : post(on: loop, after: others - 1, body) }
    }

    @Test("What an ending loop still has to do is done before anything that came too late")
    func lateResidents() async throws {
        let group = try LoopGroup(count: 1)
        let loop = group.loops[0]
        let resident = Resident(on: loop)
        let seen = Lateness()
        _ = loop.post {
            loop.end()
            // A turn does less: the last comes when the loop takes nothing from others any more.
            Self.post(on: loop, after: 2 * LoopState.jobsAtATime) {
                let task = Task.detached {
                    seen.isAsked.withLock { $0 = true }
                    _ = await resident.visit()
                    seen.order.withLock { $0.append("late") }
                }
                seen.task.withLock { $0 = task }
                while !seen.isAsked.withLock({ $0 }) { sched_yield() }
                // Time for whoever would not wait.
                for _ in 0..<1_000 { sched_yield() }
                seen.order.withLock { $0.append("last") }
            }
        }
        await group.shutdown()
        await seen.task.withLock { $0 }?.value
        #expect(seen.order.withLock { $0 } == ["last", "late"])
    }

    @Test("However an actor's calls and the end of its loop fall together, each is done")
    func residentsAtTheEnd() async throws {
        for delay in 0..<100 {
            let group = try LoopGroup(count: 1)
            let resident = Resident(on: group.loops[0])
            async let calls: Void = withTaskGroup { tasks in
                for _ in 0..<50 { tasks.addTask { _ = await resident.visit() } }
            }
            for _ in 0..<delay { await Task.yield() }
            await group.shutdown()
            await calls
            #expect(await resident.visits == 50)
            #expect(await !resident.hasOverlapped)
        }
    }
}
