import Digests
import Encodings
import HTTPFront

/// The place of a request in a trace that spans several programs: `traceparent` (W3C Trace Context, 3.2).
///
/// A few numbers, and nothing that has to be kept for a request that has none.
struct TraceParent: Hashable, Sendable {
    /// The whole trace; never zero.
    let trace: Identifier
    /// Who calls, in that trace; never zero.
    let parent: UInt64
    /// Whether somebody records the trace (bit 0), and whether its ID is random (bit 1, of level 2); others mean nothing yet.
    let flags: UInt8

    /// 128 bits.
    struct Identifier: Hashable, Sendable {
        let high: UInt64
        let low: UInt64

        /// 32 digits, as they stand in the field and in logs.
        var text: String { TraceParent.digits(high) + TraceParent.digits(low) }
    }

    static let field = "traceparent"
    /// Bytes of the field in the one version that there is.
    private static let size = 55
    /// Bytes of a later version's that are looked at: it begins as this one does.
    private static let longest = 512
    private static let knownFlags: UInt8 = 0b11

    /// A trace of our own, which others may sample if they like.
    static func random() -> TraceParent {
        TraceParent(
            trace: Identifier(high: randomNumber(), low: randomNumber()), parent: randomNumber(), flags: 0b10)
    }

    /// An attempt of something that is sent again until it arrives: all attempts are of one trace, also those of the next process.
    ///
    /// - Parameter digest: of what is sent, 32 bytes; it tells nothing of that, and is as good as random.
    static func attempt(of digest: [UInt8]) -> TraceParent {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let trace = Identifier(
            high: number(digest.prefix(16).prefix(8)), low: number(digest.prefix(16).dropFirst(8)) | 1)
        return TraceParent(trace: trace, parent: randomNumber(), flags: 0)
    }

    /// What a request of ours sends on: the same trace, in which we are the ones who call.
    func continued() -> TraceParent { TraceParent(trace: trace, parent: Self.randomNumber(), flags: flags) }

    /// 16 digits, as they stand in the field and in logs.
    var parentText: String { Self.digits(parent) }

    /// The field's value.
    var text: String { "00-\(trace.text)-\(parentText)-\(Hexadecimal.encode([flags]))" }

    private init(trace: Identifier, parent: UInt64, flags: UInt8) {
        self.trace = trace
        self.parent = parent
        self.flags = flags
    }

    /// The request's; nil where it has none, several, or one that is not valid, which is passed over then.
    init?(of head: RequestHead?) {
        guard let headers = head?.headers, headers.count(of: Self.field) == 1,
            let value = headers.first(of: Self.field)
        else { return nil }
        self.init(parsing: value)
    }

    /// Nil for what is not valid.
    init?(parsing text: String) {
        guard (Self.size...Self.longest).contains(text.utf8.count) else { return nil }
        let bytes = Array(text.utf8)
        let hyphen = UInt8(ascii: "-")
        guard bytes[2] == hyphen, bytes[35] == hyphen, bytes[52] == hyphen,
            let version = Self.number(bytes[0..<2]), version != 0xff,
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), high != 0 || low != 0,
            let parent = Self.number(bytes[36..<52]), parent != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        // A later version may have more behind a hyphen; this one ends here.
        guard bytes.count == Self.size || (version != 0 && bytes[Self.size] == hyphen) else { return nil }
        // What a bit means that is not known here is not passed on.
        self.init(
            trace: Identifier(high: high, low: low), parent: parent, flags: UInt8(flags) & Self.knownFlags)
    }

    /// Lower-case hexadecimal digits alone.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func digits(_ number: UInt64) -> String {
        Hexadecimal.encode((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    /// Never zero.
    private static func randomNumber() -> UInt64 {
        let number = SecureRandom.bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
        return number == 0 ? 1 : number
    }
}
