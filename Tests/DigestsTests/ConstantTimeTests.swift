import Digests
import Testing

@Suite struct ConstantTimeTests {
    @Test(
        "Equal are the same bytes, and nothing else",
        arguments: [
            ("", "", true), ("a", "a", true), ("ticket", "ticket", true),
            ("ticket", "Ticket", false), ("ticket", "tickeT", false), ("ticket", "ticke", false),
            ("", "a", false), ("a", "", false), ("a", "a\0", false),
        ])
    func equal(a: String, b: String, expected: Bool) {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        #expect(ConstantTime.equal(a, b) == expected)
        let spans = ConstantTime.equal(a.span, b.span)
        #expect(spans == expected)
    }

    @Test("A span without memory is equal to an empty one")
    func withoutMemory() {
        let none: [UInt8] = []
        let withOne = ConstantTime.equal(Span(), none.span)
        let withNone = ConstantTime.equal(Span(), Span())
        #expect(withOne)
        #expect(withNone)
    }
}
