/// What a cookie opens, once (docs/protocol.md#calling, #being-called).
struct Cookie: Sendable {
    enum Purpose: Equatable, Sendable {
        /// A room of one's own, with `USR`.
        case open
        /// The room where somebody waits, with `ANS`.
        case answer(RoomID)
    }

    let account: AccountID
    let purpose: Purpose
    let due: Duration
}
