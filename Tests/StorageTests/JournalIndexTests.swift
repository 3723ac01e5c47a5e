import Storage
import TestSupport
import Testing

@Suite struct JournalIndexTests {
    static let alice = SessionID("alice")
    static let bob = SessionID("bob")

    @Test("Numbers that are missing between two that are kept are damage; those before the first are not")
    func holes() {
        var index = JournalIndex()
        index.append(7, position: 1, size: 10, second: 0, of: Self.alice)
        #expect(index.damaged == 0)
        #expect(index.span(of: Self.alice) == JournalSpan(oldest: 6, head: 7, bytes: 10))
        index.append(10, position: 2, size: 10, second: 0, of: Self.alice)
        #expect(index.damaged == 2)
        let entries = index.entries(of: Self.alice, after: 0, limit: .max, bytes: .max)
        #expect(entries.map(\.seq) == [7, 8, 9, 10])
        #expect(entries.map(\.entry.position) == [1, 0, 0, 2])
        #expect(index.places().map(\.seq) == [7, 10])
        #expect(index.append(10, position: 3, size: 1, second: 0, of: Self.alice) == false)
        #expect(index.append(3, position: 3, size: 1, second: 0, of: Self.alice) == false)
    }

    @Test("Numbers up to where it was noted that they are passed over are no losses, and those behind are")
    func passedOver() {
        var index = JournalIndex()
        index.setPassed(5, of: Self.alice)
        index.append(2, position: 1, size: 10, second: 0, of: Self.alice)
        index.append(8, position: 2, size: 10, second: 0, of: Self.alice)
        #expect(index.passedOver == 3)
        #expect(index.damaged == 2)
        index.append(10, position: 3, size: 10, second: 0, of: Self.alice)
        #expect(index.damaged == 3)
        index.setHead(12, of: Self.alice, isLoss: true)
        #expect(index.damaged == 5)
        #expect(index.passedOver == 3)
    }

    @Test("A number far beyond the last begins anew, and takes no memory for what lies between")
    func wideHole() {
        var index = JournalIndex()
        index.append(1, position: 1, size: 10, second: 0, of: Self.alice)
        index.append(.max, position: 2, size: 10, second: 0, of: Self.alice)
        #expect(index.count == 1)
        #expect(index.bytes == 10)
        #expect(index.span(of: Self.alice) == JournalSpan(oldest: .max - 1, head: .max, bytes: 10))
    }

    @Test("A head goes on, never back")
    func heads() {
        var index = JournalIndex()
        index.setHead(9, of: Self.alice)
        #expect(index.span(of: Self.alice) == JournalSpan(oldest: 9, head: 9, bytes: 0))
        #expect(index.emptied.map(\.1) == [9])
        index.append(10, position: 1, size: 10, second: 0, of: Self.alice)
        index.setHead(9, of: Self.alice)
        #expect(index.span(of: Self.alice).oldest == 9)
        #expect(index.damaged == 0)
        #expect(index.emptied.isEmpty)
        // What is kept stays, and behind it two are missing.
        index.setHead(12, of: Self.alice)
        #expect(index.span(of: Self.alice) == JournalSpan(oldest: 9, head: 12, bytes: 10))
        #expect(index.bytes == 10)
        #expect(index.damaged == 0)
        #expect(index.passedOver == 2, "nobody has seen events of these numbers")
        #expect(index.lastPosition(of: Self.alice) == 1)
        index.setHead(1_000_000, of: Self.alice)
        #expect(index.span(of: Self.alice) == JournalSpan(oldest: 1_000_000, head: 1_000_000, bytes: 0))
        #expect(index.bytes == 0)
    }

    @Test("Whatever comes and goes, the bytes are those of what is kept, and what went is told once", arguments: 0..<20)
    func accounts(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var index = JournalIndex()
        var (kept, heads): ([UInt64: Int], [SessionID: UInt64]) = ([:], [:])
        var position: UInt64 = 0
        var retention = Retention()
        (retention.events, retention.bytes, retention.age) = (20, 1_500, 50)
        func go(_ gone: [UInt64]) {
            for position in gone { #expect(kept.removeValue(forKey: position) != nil) }
            #expect(index.bytes == kept.values.reduce(0, +))
            #expect(index.places().map(\.position) == kept.keys.sorted())
        }
        for step in 0..<300 {
            let session = SessionID("session \(random.next() % 5)")
            switch random.next() % 12 {
            case 0:
                go(index.remove(session))
                heads[session] = nil
            case 1: go(index.dropOldest(downTo: Int(random.next() % 4_000)))
            case 2: go(index.dropExcess(of: session, retention, now: UInt32(step)))
            default:
                let size = Int(random.next() % 300)
                position += 1
                heads[session, default: 0] += 1
                index.append(
                    heads[session, default: 0], position: position, size: size, second: UInt32(step), of: session)
                kept[position] = size
                go([])
            }
        }
        #expect(index.damaged == 0)
    }

    @Test(
        "CRC-32 of what every catalogue of such sums has",
        arguments: [
            ("123456789", UInt32(0xCBF4_3926)), ("", 0), ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ])
    func checksum(text: String, sum: UInt32) {
        #expect(Checksum.of(Array(text.utf8)) == sum)
        #expect(Checksum.of(text) == sum)
        // In parts, and a number as its bytes.
        #expect(Checksum.of(Array(text.utf8.dropFirst(4)), behind: Checksum.of(String(text.prefix(4)))) == sum)
        #expect(Checksum.of(0x0102, behind: sum) == Checksum.of([2, 1, 0, 0, 0, 0, 0, 0], behind: sum))
    }
}
