/// A room's number, never used again in the life of a sandbox.
struct RoomID: Hashable, Sendable {
    let number: UInt64
}
