/// What the service thinks of an account (docs/protocol.md#verified, #923-924).
package enum Standing: Sendable {
    case good
    /// Signs in with verified bit 0 and a name that the service forces on it.
    case unverified
    /// A child's account without consent: 923.
    case childWithoutConsent
    /// Has to verify its address before it may sign in: 924.
    case unverifiedAndRefused
    /// No person: always signed in without a connection, and accepts everybody.
    case robot
}
