import Locking
import Loops

/// What others have to say to a loop: other threads, and whoever else lives on its thread.
///
/// It outlives the loop when somebody still holds a parked request; what is posted then is dropped, as it holds the request
/// that holds the mailbox.
///
/// Unchecked, because of what the loop's own thread has posted: that is its alone.
final class LoopMailbox: DeliveryTarget, @unchecked Sendable {
    enum Message: Sendable {
        /// For a parked request or a stream.
        case delivery(Deliveries.Item)
        /// The same for several.
        case deliveries([Deliveries.Item])
        /// A connection that another loop has accepted.
        case arrival(LoopShare.Arrival)
        /// Release what waits, accept nothing more, and end when all is answered, at the latest at this time.
        case stop(MonotonicInstant)
    }

    private let eventLoop: EventLoop
    /// From other threads; nil once the loop has ended.
    private let messages = Locked<[Message]?>([])
    /// From the loop's own thread, which needs no lock and nobody to wake it.
    private var own: [Message] = []

    init(of eventLoop: EventLoop) { self.eventLoop = eventLoop }

    /// From any thread; never waits.
    ///
    /// On the loop's own it is taken in the loop's turn all the same, and not at once: whoever posts may be in the middle of
    /// what the message is about.
    func post(_ message: Message) {
        guard !eventLoop.isCurrent else { return own.append(message) }
        let isFirst = messages.withLock { messages in
            messages?.append(message)
            return messages?.count == 1
        }
        // The others are taken together with the first.
        if isFirst { eventLoop.wake() }
    }

    func take(_ deliveries: [Deliveries.Item]) { post(.deliveries(deliveries)) }
    func take(_ delivery: Deliveries.Item) { post(.delivery(delivery)) }

    /// Whether the loop's own thread has posted something; for that thread.
    var hasOwn: Bool { !own.isEmpty }

    /// Takes all messages of others in their order, and then those of the loop's own thread; `emptied` must be empty, and its room is
    /// used for the next ones.
    func take(into emptied: inout [Message]) {
        let room = consume emptied
        emptied = messages.withLock { messages in
            guard let taken = messages, !taken.isEmpty else { return room }
            messages = room
            return taken
        }
        guard !own.isEmpty else { return }
        emptied += own
        own.removeAll(keepingCapacity: true)
    }

    /// The loop has ended: nothing is taken any more.
    func close() {
        messages.withLock { $0 = nil }
        own = []
    }
}
