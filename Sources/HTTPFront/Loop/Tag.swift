/// The numbers by which a loop knows what it watches and waits for; less than 2⁵⁶, as an `EventLoop` wants.
enum Tag {
    /// The server's listening sockets, in their order.
    static let firstListener: UInt64 = 1
    /// The loop's daemons, in their order.
    static let firstDaemon: UInt64 = 33
    /// Connections: never used twice, so that a late event finds nothing.
    static let firstConnection: UInt64 = 1 << 32
    /// Parked requests, likewise for late answers and time-outs.
    static let firstPark: UInt64 = 1 << 53
    /// Streams, likewise.
    static let firstStream: UInt64 = 1 << 54
    static let firstLinger: UInt64 = 1 << 55

    static func listener(_ index: Int) -> UInt64 { firstListener + UInt64(index) }
    static func daemon(_ index: Int) -> UInt64 { firstDaemon + UInt64(index) }
}
