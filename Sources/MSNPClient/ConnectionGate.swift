import Locking
import MSNP
import NIOCore

/// Lets connections begin, and be told of, for as long as the event loops run.
///
/// An attempt goes on after its session has ended, in a name's resolution for example, and must not come to loops that are
/// gone: NIO has nowhere to put what comes of it. So an attempt is a task of no actor's, and whatever it gives to a loop goes
/// through here.
package final class ConnectionGate: Sendable {
    private let isOpen = Locked(true)

    /// How many connections there may be.
    let budget: ConnectionBudget

    package init(budget: ConnectionBudget = ConnectionBudget()) {
        self.budget = budget
    }

    /// Makes a connection; whatever this gives to the loop, waiting for the outcome included, is there before `close`
    /// returns.
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

    /// Nothing comes to the loops any more.
    func close() { isOpen.withLock { $0 = false } }
}
