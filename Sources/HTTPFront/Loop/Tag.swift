/// The numbers by which a loop knows what it watches and waits for.
enum Tag {
    static let mailbox: UInt64 = 0
    static let listener: UInt64 = 1
    /// The loop's daemons, in their order.
    static let firstDaemon: UInt64 = 2
    /// Connections: never used twice, so that a late event finds nothing.
    static let firstConnection: UInt64 = 1 << 32
    /// Parked requests, likewise for late answers and time-outs.
    static let firstPark: UInt64 = 1 << 61
    /// Streams, likewise.
    static let firstStream: UInt64 = 1 << 62
    static let firstLinger: UInt64 = 1 << 63

    static func daemon(_ index: Int) -> UInt64 { firstDaemon + UInt64(index) }
}
