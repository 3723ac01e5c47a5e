/// Somebody's place in a room.
struct SandboxSeat: Sendable {
    let account: SandboxAccountID
    let room: SandboxRoomID
    /// Calls that were refused since the last one that rang.
    var refusedCalls = 0
}
