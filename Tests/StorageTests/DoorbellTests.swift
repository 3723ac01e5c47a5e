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
    func waking() async {
        let (bell, answer) = (Doorbell(), Doorbell())
        async let rung = Task.detached {
            answer.ring()
            return bell.wait(atMost: .seconds(600))
        }.value
        #expect(answer.wait(atMost: .seconds(600)))
        bell.ring()
        #expect(await rung)
    }
}
