/// Where a session stands, in the words of the API (`state`).
package enum SessionState: String, CaseIterable, Sendable {
    case connecting
    case signingIn
    case synchronizing
    case online
    case reconnecting
    case ended
}
