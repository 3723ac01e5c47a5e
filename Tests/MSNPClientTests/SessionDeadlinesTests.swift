import Loops
import MSNP
import Testing

@testable import MSNPClient

/// When the timers of a session are up.
@Suite struct SessionDeadlinesTests {
    private static let start = MonotonicInstant.now

    @Test("Timers of all kinds are up in their order, and one that is put off or cancelled is not")
    func order() {
        var deadlines = SessionDeadlines()
        #expect(deadlines.earliest == nil)
        deadlines[.notification(.keepalive)] = Self.start + .seconds(5)
        deadlines[.conversation(.calls)] = Self.start + .seconds(2)
        deadlines[.pause] = Self.start + .seconds(3)
        deadlines[.notification(.pong)] = Self.start + .seconds(1)
        #expect(deadlines.earliest == Self.start + .seconds(1))
        deadlines[.notification(.pong)] = Self.start + .seconds(9)
        #expect(deadlines.earliest == Self.start + .seconds(2))
        deadlines[.notification(.closeWatch)] = nil
        #expect(
            deadlines.due(at: Self.start + .seconds(5)).map(\.timer) == [
                .conversation(.calls), .pause, .notification(.keepalive),
            ])
        deadlines[.conversation(.calls)] = nil
        deadlines[.pause] = nil
        deadlines.pass(.seconds(4))
        #expect(deadlines[.conversation(.calls)] == nil && deadlines[.pause] == nil)
        #expect(deadlines.earliest == Self.start + .seconds(1))
        #expect(deadlines.due(at: Self.start + .seconds(1)).map(\.timer) == [.notification(.keepalive)])
    }

    @Test("Requests have a timer each")
    func requests() {
        var deadlines = SessionDeadlines()
        for number in 1...100 {
            deadlines[.notification(.request(TransactionID(rawValue: UInt32(number))))] = Self.start + .seconds(number)
        }
        let third = SessionTimer.notification(.request(TransactionID(rawValue: 3)))
        #expect(deadlines[third] == Self.start + .seconds(3))
        deadlines[third] = nil
        #expect(deadlines.due(at: Self.start + .seconds(5)).count == 4)
        #expect(deadlines.earliest == Self.start + .seconds(1))
    }
}
