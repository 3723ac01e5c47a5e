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

    /// So many that one of those of any first digit is among them, but for once in 10,000,000.
    private let many = 1_024

    @Test("Epochs, and the IDs of requests and keys, begin so; no two are the same")
    func givenOut() throws {
        let epochs = (0..<many).map { _ in Cursor.makeEpoch() }
        #expect(epochs.allSatisfy { Cursor.isEpoch($0) })
        let requests = (0..<many).map { _ in RequestID(sent: nil).text }
        #expect(requests.allSatisfy { $0.utf8.count == 16 })
        let keys = try (0..<many).map { _ in
            var list = APIKeyList()
            _ = try list.add(try #require(APIKeyName("k")), [])
            return list.keys[0].id
        }
        for names in [epochs, requests, keys] {
            #expect(Set(names).count == many)
            #expect(names.allSatisfy { $0.first?.isLetter == true })
        }
    }

    @Test("IDs of sessions begin so")
    func sessions() async throws {
        let stage = try ReaderStage()
        let ids = try (0..<many).map { _ in try stage.session().id }
        #expect(Set(ids).count == many)
        #expect(ids.allSatisfy { Session.isID($0) && $0.first?.isLetter == true })
        await stage.stop()
    }
}
