/// What a cookie opens, once (protocol.md 8.1, 8.2).
struct SandboxCookie: Sendable {
    enum Purpose: Equatable, Sendable {
        /// A room of one's own, with `USR`.
        case open
        /// The room where somebody waits, with `ANS`.
        case answer(SandboxRoomID)
    }

    let account: SandboxAccountID
    let purpose: Purpose
    let due: Duration
}
