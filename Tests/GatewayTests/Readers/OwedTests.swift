import HTTPFront
import Locking
import Loops
import TestSupport
import Testing

@testable import Gateway

/// When what a turn brought is handed out.
@Suite struct OwedTests {
    /// Somebody with news, who remembers when they were handed out.
    private final class Debtor: Owing {
        private let times = Recorder<MonotonicInstant>()
        var handedOut: [MonotonicInstant] { times.all }

        func handOut(at now: MonotonicInstant, to deliveries: inout Deliveries) { times.record(now) }
    }

    private let loop = ManualLoop()

    private func owed() -> Owed { Owed(on: loop) { [loop] in loop.now } }

    @Test("What a turn brings is handed out at its end, and needs no deadline")
    func atOnce() {
        let (owed, one, other) = (owed(), Debtor(), Debtor())
        loop.turn {
            owed.note(one, notBefore: loop.now)
            owed.note(other, notBefore: loop.now - .milliseconds(1))
            #expect(one.handedOut.isEmpty)
        }
        #expect(one.handedOut == [loop.now])
        #expect(other.handedOut == [loop.now])
        #expect(loop.deadlines == 0)
        loop.turn()
        #expect(one.handedOut.count == 1)
    }

    @Test("What comes too soon waits for its time, with one deadline for all that wait")
    func tooSoon() {
        let owed = owed()
        let debtors = (0..<4).map { _ in Debtor() }
        let start = loop.now
        loop.turn {
            for (debtor, wait) in zip(debtors, [2, 1, 2, 0]) {
                owed.note(debtor, notBefore: start + .milliseconds(wait))
            }
        }
        #expect(debtors.map(\.handedOut.count) == [0, 0, 0, 1])
        #expect(loop.deadlines == 1)
        loop.pass(.milliseconds(1))
        #expect(debtors.map(\.handedOut.count) == [0, 1, 0, 1])
        #expect(loop.deadlines == 1)
        loop.pass(.milliseconds(1))
        #expect(debtors.map(\.handedOut.count) == [1, 1, 1, 1])
        #expect(loop.deadlines == 0)
    }

    @Test("An earlier deadline than the one that is set is set too")
    func earlier() {
        let (owed, late, early) = (owed(), Debtor(), Debtor())
        let start = loop.now
        loop.turn { owed.note(late, notBefore: start + .milliseconds(2)) }
        loop.turn { owed.note(early, notBefore: start + .milliseconds(1)) }
        loop.pass(.milliseconds(1))
        #expect(early.handedOut.count == 1)
        #expect(late.handedOut.isEmpty)
        loop.pass(.milliseconds(1))
        #expect(late.handedOut.count == 1)
        loop.pass(.seconds(1))
        #expect(loop.deadlines == 0)
        #expect(early.handedOut.count + late.handedOut.count == 2)
    }

    @Test("A note from elsewhere comes to the loop first; where that has ended, it is handed out right there")
    func elsewhere() {
        let (owed, debtor) = (owed(), Debtor())
        owed.note(debtor, notBefore: loop.now)
        #expect(debtor.handedOut.isEmpty)
        loop.turn()
        #expect(debtor.handedOut.count == 1)
        loop.close()
        owed.note(debtor, notBefore: loop.now + .milliseconds(2))
        #expect(debtor.handedOut.count == 2)
    }

    @Test("Before the loops end everything is handed out, its time or not")
    func settling() async {
        let (owed, debtor) = (owed(), Debtor())
        loop.turn { owed.note(debtor, notBefore: loop.now + .milliseconds(2)) }
        async let settled: Void = owed.settle()
        while debtor.handedOut.isEmpty {
            loop.turn()
            await Task.yield()
        }
        await settled
        loop.pass(.seconds(1))
        #expect(debtor.handedOut.count == 1)
        loop.close()
        await owed.settle()
    }
}
