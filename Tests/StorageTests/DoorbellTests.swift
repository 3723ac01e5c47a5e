import Foundation
import Locking
import Testing

@Suite struct DoorbellTests {
    @Test("A ring before a wait is not lost, and many are one")
    func early() {
        let bell = Doorbell()
        bell.ring()
        bell.ring()
        #expect(bell.wait(atMost: .seconds(600)))
        #expect(!bell.wait(atMost: .milliseconds(1)))
        #expect(!bell.wait(atMost: .zero))
    }

    @Test("Whoever waits is woken")
    func waking() {
        let (bell, answer) = (Doorbell(), Doorbell())
        // A thread of its own: those of tasks are few, and none of them may wait for another.
        Thread.detachNewThread {
            answer.ring()
            if bell.wait(atMost: .seconds(600)) { answer.ring() }
        }
        #expect(answer.wait(atMost: .seconds(600)))
        bell.ring()
        #expect(answer.wait(atMost: .seconds(600)))
    }
}
