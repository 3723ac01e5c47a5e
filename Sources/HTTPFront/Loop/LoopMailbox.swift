import CMicroHTTPD
import Glibc
import Locking

/// What other threads have to say to an event loop.
///
/// It outlives the loop when somebody still holds a parked request; what is posted then is dropped, as it holds the request
/// that holds the mailbox.
final class LoopMailbox: DeliveryTarget {
    enum Message: Sendable {
        /// For parked requests and streams, however many.
        case deliveries([Deliveries.Item])
        /// Release what waits, accept nothing more, and end when all is answered, at the latest at this time.
        case stop(ContinuousClock.Instant)
    }

    /// Nil once the loop has ended.
    private let messages = Locked<[Message]?>([])
    private let event: Descriptor

    init() throws(HTTPServerError) {
        let number = eventfd(0, gw_eventfd_flags)
        guard number >= 0 else { throw .system(call: "eventfd", code: errno) }
        event = Descriptor(owning: number)
    }

    /// The descriptor that is readable when there may be messages.
    var descriptor: Int32 { event.number }

    /// From any thread; never waits.
    func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages?.append(message)
            return messages?.count == 1
        }
        // The others are taken together with the first.
        if isFirst { eventfd_write(event.number, 1) }
    }

    func take(_ deliveries: [Deliveries.Item]) { post(.deliveries(deliveries)) }

    /// Takes all messages in their order; `emptied` must be empty, and its room is used for the next ones.
    func take(into emptied: inout [Message]) {
        let room = consume emptied
        emptied = messages.withLock { messages in
            guard let taken = messages else { return room }
            messages = room
            return taken
        }
    }

    /// The loop has ended: nothing is taken any more.
    func close() { messages.withLock { $0 = nil } }

    /// Takes the wake-up back, before the messages are taken: one that is posted in between wakes again.
    func clear() {
        var count: eventfd_t = 0
        unsafe eventfd_read(event.number, &count)
    }
}
