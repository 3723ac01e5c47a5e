import Locking
import MSNP
import Synchronization

/// Counts the traffic between a backend and all its sessions, without locks on the way.
package final class BackendTraffic: Sendable {
    // Relaxed throughout: each is a number of its own, and nothing else is read on the strength of it.
    private let bytesReceived = Atomic<Int>(0)
    private let commandsReceived = Atomic<Int>(0)
    private let bytesSent = Atomic<Int>(0)
    private let commandsSent = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    /// Errors by code, nil for those that no source names, so that there are no more than the catalogue has.
    ///
    /// Errors are rare enough for a lock.
    private let errorCounts = Locked<[UInt16?: Int]>([:])

    package init() {}

    /// Bytes that servers have sent since the start.
    package var bytesIn: Int { bytesReceived.load(ordering: .relaxed) }
    /// Bytes sent to servers since the start.
    package var bytesOut: Int { bytesSent.load(ordering: .relaxed) }
    /// Commands that servers have sent since the start.
    package var commandsIn: Int { commandsReceived.load(ordering: .relaxed) }
    /// Commands sent to servers since the start.
    package var commandsOut: Int { commandsSent.load(ordering: .relaxed) }
    /// Times that a session lost its server and began to reconnect.
    package var reconnects: Int { lost.load(ordering: .relaxed) }
    /// Lines of servers that were dropped, because a part of them was longer than its limit (`WireLimits`).
    package var linesDropped: Int { dropped.load(ordering: .relaxed) }
    /// How often each error came; nil stands for codes that the catalogue does not have.
    package var errors: [UInt16?: Int] { errorCounts.withLock { $0 } }

    func receive(bytes: Int) { bytesReceived.wrappingAdd(bytes, ordering: .relaxed) }

    func receive(_ frame: Frame) {
        commandsReceived.wrappingAdd(1, ordering: .relaxed)
        guard frame.command.utf8.first.map({ (0x30...0x39).contains($0) }) == true,
            let number = UInt16(frame.command)
        else { return }
        let known = ErrorCatalogue.entry(for: ErrorCode(rawValue: number)) == nil ? nil : number
        errorCounts.withLock { $0[known, default: 0] += 1 }
    }

    /// One command; each is written by itself.
    func send(bytes: Int) {
        bytesSent.wrappingAdd(bytes, ordering: .relaxed)
        commandsSent.wrappingAdd(1, ordering: .relaxed)
    }

    func dropLine() { dropped.wrappingAdd(1, ordering: .relaxed) }

    func reconnect() { lost.wrappingAdd(1, ordering: .relaxed) }
}
