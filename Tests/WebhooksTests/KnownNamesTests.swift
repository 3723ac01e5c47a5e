import Testing

@testable import Webhooks

@Suite struct KnownNamesTests {
    private static let address: [UInt8] = [192, 0, 2, 1]

    @Test("A name is looked up once at a time, and again when it is old")
    func once() {
        var names = KnownNames(lifetime: 10)
        #expect(names.ask("a", at: 0) == .lookUp)
        #expect(names.ask("a", at: 0) == .wait)
        names.found([Self.address], of: "a", at: 5)
        #expect(names.ask("a", at: 14) == .known([Self.address]))
        #expect(names.ask("a", at: 15) == .lookUp)
        names.found([], of: "a", at: 15)
        #expect(names.ask("a", at: 15) == .lookUp)
    }

    @Test("There are so many look-ups at one time, and so many names")
    func bounds() {
        var names = KnownNames(lifetime: 10)
        for number in 0..<256 { #expect(names.ask("\(number)", at: 0) == .lookUp) }
        #expect(names.ask("more", at: 0) == .full)
        for number in 0..<256 { names.found([Self.address], of: "\(number)", at: 0) }
        #expect(names.ask("more", at: 0) == .lookUp)
        for number in 0..<5_000 { names.found([Self.address], of: "kept\(number)", at: 0) }
        let kept = (0..<5_000).filter { names.ask("kept\($0)", at: 1) == .known([Self.address]) }
        #expect(kept.count <= 1_024)
        #expect(kept.count > 500)
    }
}
