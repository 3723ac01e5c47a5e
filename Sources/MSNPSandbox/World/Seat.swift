/// Somebody's place in a room.
struct Seat: Sendable {
    let account: AccountID
    let room: RoomID
    /// Calls that were refused since the last one that rang.
    var refusedCalls = 0
}
