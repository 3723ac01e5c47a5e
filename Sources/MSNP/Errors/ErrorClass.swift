/// What a client does about an error (docs/protocol.md#error-classes).
package enum ErrorClass: String, CaseIterable, Sendable {
    /// U: something the person asked for is refused; show it, do not retry.
    case user
    /// C: the client's own mistake; log it, do not retry.
    case client
    /// T: passes; try again later, with back-off.
    case transient
    /// L: ends the sign-in until the person does something about the account.
    case loginFatal
    /// S: an error in form only; what was wanted is already so.
    case success
}
