/// The two halves of the Passport ID in a profile (protocol.md 10.1).
struct SandboxMemberID: Equatable, Sendable {
    /// The same for all, as for accounts made in one go.
    let high: Int32 = 85_040
    /// Half of these are negative, as real ones were.
    let low: Int32

    init(account index: Int) {
        // An odd factor gives each account its own number.
        low = Int32(bitPattern: UInt32(truncatingIfNeeded: index + 1) &* 2_654_435_761)
    }
}
