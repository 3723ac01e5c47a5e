/// What came of a fault that was ordered.
package enum SandboxOrder: Equatable, Sendable {
    /// It struck somebody, or waits for its occasion.
    case accepted
    /// The sandbox has no such account.
    case unknownAccount
    /// There is nobody whom it could strike: not signed in, or with a dialect that has nothing of the kind.
    case nobodyThere
}
