import Testing

@testable import Webhooks

@Suite struct TurnsTests {
    /// A value that the macros may change.
    private final class Line {
        private var turns: Turns<String, Int>

        init(places: Int, share: Int) { turns = Turns(places: places, share: share) }

        func take(_ party: String, _ waiter: Int) -> Bool { turns.take(party, waiter) }
        func give(_ party: String) -> Int? { turns.give(party) }
        func remove(_ party: String, _ waiter: Int) -> Int? { turns.remove(party) { $0 == waiter } }
        func dismiss() -> [Int] { turns.dismiss() }
    }

    @Test("Parties take turns, however many wait for one of them")
    func fair() {
        let turns = Line(places: 2, share: 2)
        #expect(turns.take("a", 0))
        #expect(turns.take("a", 1))
        for number in 2...5 { #expect(!turns.take("a", number)) }
        #expect(!turns.take("b", 10))
        #expect(!turns.take("b", 11))
        #expect(!turns.take("c", 20))
        // "a" has its share, and is in line again with the place that it gives back.
        #expect(turns.give("a") == 10)
        #expect(turns.give("a") == 20)
        #expect(turns.give("b") == 2)
        #expect(turns.give("c") == 11)
        #expect(turns.give("b") == 3)
        #expect(turns.give("a") == 4)
        #expect(turns.give("a") == 5)
        #expect(turns.give("a") == nil)
        #expect(turns.give("a") == nil)
        #expect(turns.take("b", 12))
        #expect(turns.take("c", 21))
        #expect(!turns.take("a", 6))
    }

    @Test("Nobody has more than its share, and what it leaves is there for others")
    func share() {
        let turns = Line(places: 4, share: 2)
        #expect(turns.take("a", 0))
        #expect(turns.take("a", 1))
        #expect(!turns.take("a", 2))
        #expect(turns.take("b", 10))
        #expect(turns.take("c", 20))
        // All places are taken now.
        #expect(!turns.take("d", 30))
        #expect(turns.give("a") == 30)
        #expect(turns.give("a") == 2)
        #expect(turns.give("b") == nil)
        #expect(turns.take("a", 3))
        #expect(!turns.take("a", 4))
        #expect(turns.give("d") == nil)
        #expect(turns.give("c") == nil)
        #expect(turns.give("a") == 4)
    }

    @Test("Whoever waits no more is passed over, and all can be sent home")
    func leaving() {
        let turns = Line(places: 1, share: 1)
        #expect(turns.take("a", 0))
        #expect(!turns.take("b", 10))
        #expect(!turns.take("c", 20))
        #expect(!turns.take("c", 21))
        #expect(turns.remove("b", 11) == nil)
        #expect(turns.remove("b", 10) == 10)
        #expect(turns.remove("c", 20) == 20)
        #expect(turns.give("a") == 21)
        #expect(!turns.take("a", 1))
        #expect(!turns.take("b", 12))
        #expect(turns.dismiss().sorted() == [1, 12])
        #expect(turns.give("c") == nil)
        #expect(turns.take("a", 2))
    }
}
