import Glibc
import Loops
import Synchronization

/// How many of a server's connections one of its loops has, and the way to give it another.
///
/// All loops know those of all. The kernel wakes whichever loop it likes for a connection, mostly the same one again and again:
/// left at that, one of two had 43 of 100 of all processor time, and the other 9.
final class LoopShare: Sendable {
    /// A connection that another loop has accepted; closed unless somebody takes it.
    final class Arrival: Sendable {
        let address: sockaddr_storage
        let length: socklen_t
        /// -1 once it is taken.
        private let descriptor: Atomic<Int32>

        init(_ descriptor: Int32, _ address: sockaddr_storage, _ length: socklen_t) {
            self.descriptor = Atomic(descriptor)
            self.address = address
            self.length = length
        }

        /// The descriptor, which is the caller's from now on.
        func take() -> Int32 { descriptor.exchange(-1, ordering: .relaxed) }

        deinit {
            let left = take()
            if left >= 0 { close(left) }
        }
    }

    let mailbox: LoopMailbox
    /// Those that were admitted, and those that are on their way.
    private let connections = Atomic(0)

    init(_ mailbox: LoopMailbox) { self.mailbox = mailbox }

    var count: Int { connections.load(ordering: .relaxed) }

    func joined() { connections.wrappingAdd(1, ordering: .relaxed) }
    func left() { connections.wrappingSubtract(1, ordering: .relaxed) }

    /// Gives the loop a connection, which it counts as its own from now on.
    func give(_ arrival: Arrival) {
        joined()
        mailbox.post(.arrival(arrival))
    }
}
