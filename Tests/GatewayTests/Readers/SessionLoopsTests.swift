import Testing

@testable import Gateway

/// Where sessions live.
@Suite struct SessionLoopsTests {
    private let loops = [ManualLoop(), ManualLoop(), ManualLoop()]

    @Test("A session lives on the loop that took its sign-in, and who is on none takes the emptiest")
    func here() {
        let owed = loops.map { Owed(on: $0) }
        let places = SessionLoops(owed)
        loops[1].turn {
            for _ in 0..<10 { #expect(places.next() === owed[1]) }
        }
        #expect(places.next() === owed[0])
        #expect(places.next() === owed[2])
        #expect(owed.map(\.sessions) == [1, 10, 1])
        // One that has gone leaves its place to another.
        owed[0].moveOut()
        #expect(places.next() === owed[0])
    }

    @Test("A loop with far more sessions than another passes new ones on, so that all cores have some")
    func crowded() {
        let owed = loops.map { Owed(on: $0) }
        let places = SessionLoops(owed)
        loops[2].turn {
            for _ in 0..<10_000 { _ = places.next() }
        }
        let sessions = owed.map(\.sessions)
        #expect(sessions.reduce(0, +) == 10_000)
        // Half as many again as the others have, and no more; but by and large it keeps its own.
        #expect(sessions[2] <= sessions[0] * 3 / 2 + SessionLoops.slack)
        #expect(sessions[2] > sessions[0] && sessions[2] > sessions[1])
    }
}
