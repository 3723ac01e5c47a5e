/// How the redirect URL of a `URL` reply is meant, which decides the form's field (docs/protocol.md#url).
package enum RedirectKind: String, CaseIterable, Sendable {
    /// Has a scheme; the form's `ru`.
    case absolute
    /// A path at the login site; the form's `rru`.
    case relative
}
