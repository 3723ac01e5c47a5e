/// The name of something that is to be done once, however often it is asked for.
public struct IdempotencyKey: Hashable, Sendable {
    /// As it stands in `Idempotency-Key`.
    public let text: String

    /// Nil for what can't be one: it has 1 to 255 visible ASCII characters.
    public init?(_ text: String) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x22 })
        else { return nil }
        self.text = text
    }

    /// One that nobody else has: 128 bits at random.
    public init() {
        let halves = (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        text = halves.joined()
    }

    /// For the one answer to an event: also a program that starts again, and gets the event again, does not answer it twice.
    public init(answering event: Event) { text = event.id.text }
}
