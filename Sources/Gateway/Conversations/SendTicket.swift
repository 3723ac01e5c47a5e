import Locking
import MSNP

/// Which message a call waits for, once there is one.
final class SendTicket: Sendable {
    private let id = Locked<OutgoingMessageID?>(nil)

    var message: OutgoingMessageID? { id.withLock { $0 } }

    func note(_ message: OutgoingMessageID) { id.withLock { $0 = message } }
}
