import Testing

@testable import Webhooks

@Suite struct KnownNamesTests {
    private static let address: [UInt8] = [192, 0, 2, 1]

    private func name(_ host: String, of key: String = "key") -> KnownNames.LookUp {
        KnownNames.LookUp(host: host, key: key)
    }

    @Test("A name is looked up once at a time, and again when it is old")
    func once() {
        var names = KnownNames(lifetime: 10)
        #expect(names.ask(name("a"), at: 0) == .lookUp)
        #expect(names.ask(name("a"), at: 0) == .wait)
        names.found([Self.address], of: name("a"), at: 5)
        #expect(names.ask(name("a"), at: 14) == .known([Self.address]))
        #expect(names.ask(name("a"), at: 15) == .lookUp)
        names.found([], of: name("a"), at: 15)
        #expect(names.ask(name("a"), at: 15) == .lookUp)
    }

    @Test("There are so many look-ups at one time, and so many names")
    func bounds() {
        var names = KnownNames(lifetime: 10)
        for number in 0..<1_024 { #expect(names.ask(name("\(number)", of: "\(number / 64)"), at: 0) == .lookUp) }
        #expect(names.ask(name("more", of: "other"), at: 0) == .full)
        for number in 0..<1_024 { names.found([], of: name("\(number)", of: "\(number / 64)"), at: 0) }
        #expect(names.ask(name("more", of: "other"), at: 0) == .lookUp)
        for number in 0..<5_000 { names.found([Self.address], of: name("kept\(number)"), at: 0) }
        let kept = (0..<5_000).filter { names.ask(name("kept\($0)"), at: 1) == .known([Self.address]) }
        #expect(kept.count <= 1_024)
        #expect(kept.count > 500)
    }

    @Test("A key has its part of the look-ups, and none waits for what another's is waiting for")
    func keys() {
        var names = KnownNames(lifetime: 10)
        for number in 0..<64 { #expect(names.ask(name("\(number)", of: "one"), at: 0) == .lookUp) }
        #expect(names.ask(name("more", of: "one"), at: 0) == .full)
        #expect(names.ask(name("0", of: "one"), at: 0) == .wait)
        #expect(names.ask(name("0", of: "other"), at: 0) == .lookUp)
        names.found([Self.address], of: name("0", of: "other"), at: 0)
        // What is known is known to all.
        #expect(names.ask(name("0", of: "one"), at: 1) == .known([Self.address]))
        #expect(names.ask(name("more", of: "one"), at: 1) == .full)
        names.found([], of: name("0", of: "one"), at: 1)
        // An end that nobody waits for makes no room.
        names.found([], of: name("0", of: "one"), at: 1)
        #expect(names.ask(name("more", of: "one"), at: 1) == .lookUp)
        #expect(names.ask(name("another", of: "one"), at: 1) == .full)
    }
}
