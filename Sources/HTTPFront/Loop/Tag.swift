/// The numbers by which a loop knows what it watches and waits for.
enum Tag {
    static let mailbox: UInt64 = 0
    static let listener: UInt64 = 1
    /// Clients that leave; above all daemons.
    static let departures: UInt64 = firstPark - 1
    /// The loop's daemons, in their order.
    static let firstDaemon: UInt64 = 2
    /// Parked requests: never used twice, so that a late event or answer finds nothing.
    static let firstPark: UInt64 = 1 << 32
    /// Streams, likewise.
    static let firstStream: UInt64 = 1 << 62
    static let firstLinger: UInt64 = 1 << 63

    static func daemon(_ index: Int) -> UInt64 { firstDaemon + UInt64(index) }
}
