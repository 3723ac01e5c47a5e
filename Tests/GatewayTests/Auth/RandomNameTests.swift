import Testing

@testable import Gateway

@Suite struct RandomNameTests {
    @Test("A name begins with a letter, whatever its first byte is, and has all other bits")
    func beginning() {
        let names = (UInt8.min...UInt8.max).map { RandomName.text([$0, 0xFB, 0xEF, 0xBE, 0xFB, 0xEF]) }
        #expect(Set(names).count == 128)
        for name in names {
            #expect(name.utf8.count == Cursor.epochLength)
            #expect(name.first?.isLetter == true, "\(name)")
            #expect(name.hasSuffix("vvvvvv"), "\(name)")
        }
    }

    @Test func epochs() {
        let epochs = (0..<64).map { _ in Cursor.makeEpoch() }
        #expect(Set(epochs).count == epochs.count)
        #expect(epochs.allSatisfy { Cursor.isEpoch($0) })
    }
}
