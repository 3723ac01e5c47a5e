import Testing

@testable import HTTPFront

/// Which daemon gets which connection.
@Suite struct DaemonRotaTests {
    /// The places of the daemons that get one connection after the other, and how many there are then.
    private func places(_ rota: inout DaemonRota, _ connections: some Sequence<Int>) -> [Int] {
        connections.map { count in
            if rota.wantsAnother(for: count) { rota.add() }
            return rota.next()
        }
    }

    @Test("There are as many daemons as there were connections at a time, up to a limit")
    func asMany() {
        var rota = DaemonRota(most: 3)
        rota.add()
        #expect(places(&rota, [1, 1, 1]) == [0, 0, 0])
        #expect(rota.made == 1)
        #expect(places(&rota, [2, 3, 4, 5, 6, 7]) == [1, 2, 0, 1, 2, 0])
        #expect(rota.made == 3)
        // They stay when connections go.
        #expect(places(&rota, [1, 1]) == [1, 2])
        #expect(rota.made == 3)
    }

    @Test("Where none can be made, those that are there have their turns")
    func without() {
        var rota = DaemonRota(most: 8)
        rota.add()
        rota.add()
        #expect(rota.wantsAnother(for: 5))
        #expect((0..<4).map { _ in rota.next() } == [1, 0, 1, 0])
    }
}
