import Digests
import Encodings
import HTTPFront
import Locking

/// `X-Request-Id`: the caller's own if it is fit to be logged, else one of ours.
///
/// Ours is a number until somebody asks for its text: nearly all are written once, where the answer's fields lie.
struct RequestID: Sendable {
    /// Characters in an ID that is taken over.
    static let longest = 128
    /// Bits of each half of one of ours.
    private static let halfBits = 48
    /// Numbers of 64 random bits that are made at a time: alone, those of one ID take longer than all else about it.
    private static let batch = 512

    private struct Supply {
        private var bytes: [UInt8] = []
        private var used = 0

        mutating func next() -> UInt64 {
            if used == bytes.count {
                bytes = SecureRandom.bytes(count: RequestID.batch * 8)
                used = 0
            }
            defer { used += 8 }
            // A whole number of such numbers was made.
            return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: used, as: UInt64.self) }
        }
    }

    private static let supply = Locked(Supply())

    private let sent: String?
    private let halves: (UInt64, UInt64)

    /// The caller's own, where there is one.
    init(sent: String?) {
        self.sent = sent
        // Without the first of the bits that are written it begins with a letter, as `RandomName` has it.
        halves = sent == nil ? Self.supply.withLock { ($0.next() & ~(1 << (Self.halfBits - 1)), $0.next()) } : (0, 0)
    }

    /// The caller's own; nil where it names none that is fit to be logged.
    static func sent(in head: RequestHead?) -> String? {
        guard let sent = head?.headers.first(of: "X-Request-Id"), isFit(sent) else { return nil }
        return sent
    }

    var text: String {
        if let sent { return sent }
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what `text` has.
    func write(to bytes: inout [UInt8]) {
        if let sent {
            bytes.append(contentsOf: sent.utf8)
        } else {
            Base64.append(halves.0, bits: Self.halfBits, .forURLs, to: &bytes)
            Base64.append(halves.1, bits: Self.halfBits, .forURLs, to: &bytes)
        }
    }

    private static func isFit(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
