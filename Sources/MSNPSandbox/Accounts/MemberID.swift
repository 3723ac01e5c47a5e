import Encodings

/// The two halves of the Passport ID in a profile (docs/protocol.md#profile).
struct MemberID: Equatable, Sendable, CustomStringConvertible {
    /// The same for all, as for accounts made in one go.
    let high: Int32 = 85_040
    /// Half of these are negative, as real ones were.
    let low: Int32

    init(account index: Int) {
        // An odd factor gives each account its own number.
        low = Int32(bitPattern: UInt32(truncatingIfNeeded: index + 1) &* 2_654_435_761)
    }

    /// As notifications spell it: `0x00014c30:0xe12ebd4d`.
    var description: String { "\(Self.hexadecimal(high)):\(Self.hexadecimal(low))" }

    private static func hexadecimal(_ half: Int32) -> String {
        "0x" + Hexadecimal.padded(UInt32(bitPattern: half), to: 8)
    }
}
