import MSNPClient
import Testing

@testable import Gateway

@Suite struct EndedSessionsTests {
    private func address(_ number: Int) -> SessionHolder {
        .network(ClientNetwork(IPAddress([10, UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)])))
    }

    /// All that are kept: inserted and not named since.
    private func fill(_ ended: inout EndedSessions, _ kept: inout Set<String>, _ id: String, _ holder: SessionHolder) {
        kept.insert(id)
        kept.subtract(ended.insert(id, of: holder, most: 100, mostForNetwork: 20))
        #expect(ended.count == kept.count)
    }

    @Test("A flood of one address pushes out its own alone, from the oldest on")
    func flood() {
        var ended = EndedSessions()
        var kept: Set<String> = []
        fill(&ended, &kept, "mine", address(1))
        for number in 0..<10_300 { fill(&ended, &kept, "flood\(number)", address(2)) }
        #expect(kept.contains("mine") && kept.count == 21)
        #expect(kept.contains("flood10299") && kept.contains("flood10280") && !kept.contains("flood10279"))
    }

    @Test("What is taken out of the middle is passed over, however much that is")
    func takenOut() {
        var queue = EndedQueue()
        for number in 0..<100 { queue.append("\(number)") }
        for number in 0..<100 where number % 10 != 7 { queue.remove("\(number)") }
        #expect(queue.count == 10)
        queue.append("last")
        #expect(queue.popFirst() == "7")
        queue.remove("27")
        #expect(queue.popFirst() == "17" && queue.popFirst() == "37" && queue.count == 7)
        while queue.count > 1 { _ = queue.popFirst() }
        #expect(queue.popFirst() == "last" && queue.popFirst() == nil)
    }

    @Test("Of many addresses whoever has the most gives first, and a key gives nothing for them")
    func manyAddresses() {
        var ended = EndedSessions()
        var kept: Set<String> = []
        for number in 0..<50 { fill(&ended, &kept, "key\(number)", .key(id: "k")) }
        fill(&ended, &kept, "mine", address(1))
        for number in 0..<3_000 { fill(&ended, &kept, "flood\(number)", address(2 + number % 30)) }
        #expect(kept.count == 100)
        #expect(kept.contains("mine"))
        #expect(kept.count { $0.hasPrefix("key") } == 50)
    }

    @Test("A key that floods pushes out its own, and not those of others")
    func floodOfAKey() {
        var ended = EndedSessions()
        var kept: Set<String> = []
        for number in 0..<10 { fill(&ended, &kept, "other\(number)", .key(id: "o")) }
        for number in 0..<10 { fill(&ended, &kept, "mine\(number)", address(1)) }
        for number in 0..<1_000 { fill(&ended, &kept, "flood\(number)", .key(id: "k")) }
        #expect(kept.count { $0.hasPrefix("other") } == 10 && kept.count { $0.hasPrefix("mine") } == 10)
        #expect(kept.count == 100)
    }

    @Test("What is forgotten makes room; 0 is no limit")
    func forgotten() {
        var ended = EndedSessions()
        for number in 0..<20 { _ = ended.insert("\(number)", of: address(1), most: 20, mostForNetwork: 20) }
        ended.remove("7")
        ended.remove("7")
        ended.remove("nobody")
        #expect(ended.count == 19)
        #expect(ended.insert("20", of: address(1), most: 20, mostForNetwork: 20) == [])
        #expect(ended.insert("21", of: address(1), most: 20, mostForNetwork: 20) == ["0"])
        #expect(ended.insert("22", of: address(1), most: 0, mostForNetwork: 0) == [])
        #expect(ended.insert("22", of: address(1), most: 0, mostForNetwork: 0) == [], "it is there already")
    }
}
