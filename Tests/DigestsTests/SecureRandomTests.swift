import Digests
import Testing

@Suite struct SecureRandomTests {
    @Test("As many bytes as asked for", arguments: [0, 1, 32, 4096])
    func count(count: Int) {
        #expect(SecureRandom.bytes(count: count).count == count)
    }

    @Test("No two draws of 256 bits are the same")
    func different() {
        let draws = Set((0..<1000).map { _ in SecureRandom.bytes(count: 32) })
        #expect(draws.count == 1000)
    }

    @Test("Every byte of the buffer is drawn")
    func filled() {
        // The chance that a position is zero in all of 64 draws is 256 to the power of -64.
        var seen = [UInt8](repeating: 0, count: 67)
        for _ in 0..<64 {
            for (index, byte) in SecureRandom.bytes(count: seen.count).enumerated() { seen[index] |= byte }
        }
        #expect(!seen.contains(0))
    }
}
