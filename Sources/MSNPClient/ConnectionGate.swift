import Locking
import MSNP
import NIOCore

/// Lets connections begin for as long as the event loops run.
///
/// An attempt goes on after its session has ended, in a name's resolution for example, and must not come to loops that are
/// gone: NIO has nowhere to put what comes of it.
package final class ConnectionGate: Sendable {
    private let isOpen = Locked(true)

    package init() {}

    /// Begins a connection; whatever it gives to its loop is there before `close` returns.
    ///
    /// Throws `UnreachableFailure` once the gate is closed.
    func begin(
        _ connect: () -> EventLoopFuture<any Channel>
    ) throws(UnreachableFailure) -> EventLoopFuture<any Channel> {
        let attempt = isOpen.withLock { $0 ? connect() : nil }
        guard let attempt else { throw UnreachableFailure(reason: .refused) }
        return attempt
    }

    /// No connection begins any more.
    func close() { isOpen.withLock { $0 = false } }
}
