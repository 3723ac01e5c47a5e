import Loops
import MSNP

/// A switchboard connection of a session, being made or there.
struct SwitchboardConnection {
    /// Bytes that may wait for a switchboard that does not read: what may be unacknowledged, twice over.
    static let unread = 2 * ConversationLimits.unacknowledged * WireLimits.messagePayload

    /// What a trace calls it.
    let wire: WireConnection
    /// Nil until it is there.
    var socket: Socket?
    /// What the switchboard may send.
    var floodMeter = FloodMeter()
}
