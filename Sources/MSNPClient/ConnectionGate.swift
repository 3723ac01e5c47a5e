import Locking
import MSNP
import NIOCore

/// Lets connections begin, and report to the event loops, for as long as the loops run.
///
/// An attempt may outlive its session, in a name's resolution for example, and must not reach loops that have ended,
/// where NIO has no place for its outcome. So an attempt is a task outside all actors, and everything that it hands to
/// a loop goes through here.
package final class ConnectionGate: Sendable {
    private let isOpen = Locked(true)

    /// How many connections there may be.
    let budget: ConnectionBudget

    package init(budget: ConnectionBudget = ConnectionBudget()) {
        self.budget = budget
    }

    /// Makes a connection; everything that this hands to the loop, the wait for the outcome included, is there before
    /// `close` returns.
    ///
    /// Throws what `connect` fails with, and `UnreachableFailure` once the gate is closed.
    func pass(_ connect: () -> EventLoopFuture<any Channel>) async throws -> any Channel {
        try await withCheckedThrowingContinuation { continuation in
            let hasBegun = isOpen.withLock { isOpen in
                if isOpen { connect().whenComplete { continuation.resume(with: $0) } }
                return isOpen
            }
            if !hasBegun { continuation.resume(throwing: UnreachableFailure(reason: .refused)) }
        }
    }

    /// Runs a body on a loop, or never once the gate is closed.
    func run(on loop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
        isOpen.withLock { if $0 { loop.execute(body) } }
    }

    /// Closes the gate: nothing reaches the loops any more.
    func close() { isOpen.withLock { $0 = false } }
}
