import Loops
import Testing

@Suite struct DeadlineQueueTests {
    private let start = MonotonicInstant.now

    private func time(_ milliseconds: Int) -> MonotonicInstant { start + .milliseconds(milliseconds) }

    @Test func theEarliestComesFirst() {
        var queue = DeadlineQueue()
        var generator = SystemRandomNumberGenerator()
        let order = (0..<500).shuffled(using: &generator)
        for number in order { queue.insert(UInt64(number), at: time(number / 2)) }
        #expect(queue.next == time(0))
        var taken: [UInt64] = []
        while let id = queue.popDue(at: time(99)) { taken.append(id) }
        #expect(taken.map { $0 / 2 } == (0..<200).map { UInt64($0 / 2) })
        #expect(queue.next == time(100))
        #expect(queue.count == 300)
    }

    @Test func waitsOfManyLengthsStayInOrder() {
        var queue = DeadlineQueue()
        var due: [(time: Int, id: UInt64)] = []
        // More lengths than there are rows, and others that fit in none.
        for number in 0..<700 {
            let time = number + [1_000, 10, 250, 5_000, 60, 30_000, 999 - number][number % 7]
            due.append((time, UInt64(number)))
            queue.insert(UInt64(number), at: self.time(time))
        }
        due.sort { $0 < $1 }
        #expect(queue.count == 700)
        for (place, entry) in due.enumerated() {
            // One of two is cancelled.
            let next = queue.next { $0 % 2 == 0 }
            #expect(next == due[place...].first { $0.id % 2 == 0 }.map { time($0.time) })
            guard entry.id % 2 == 0 else { continue }
            #expect(queue.popDue(at: time(40_000)) == entry.id)
        }
        #expect(queue.next { $0 % 2 == 0 } == nil)
        #expect(queue.count == 0)
    }

    @Test func nothingIsDueBeforeItsTime() {
        var queue = DeadlineQueue()
        #expect(queue.popDue(at: start) == nil)
        queue.insert(1, at: time(5))
        #expect(queue.popDue(at: time(4)) == nil)
        #expect(queue.popDue(at: time(5)) == 1)
        #expect(queue.next == nil)
    }

    @Test func whatIsCancelledDoesNotPileUp() {
        var queue = DeadlineQueue()
        // One live wait at a time, renewed again and again.
        for number in 0..<100_000 {
            queue.insert(UInt64(number), at: time(1000 + number))
            queue.compact(live: 1) { $0 == UInt64(number) }
        }
        #expect(queue.count <= 65)
        var taken: [UInt64] = []
        while let id = queue.popDue(at: time(1_000_000)) { taken.append(id) }
        #expect(taken == taken.sorted())
        #expect(taken.last == 99_999)
    }
}
