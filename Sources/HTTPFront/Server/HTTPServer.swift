import Locking
package import Loops

/// An HTTP/1.1 server: one listening socket, a part of each of a few event loops, and a handler that they ask.
///
/// It runs until `stop`; one that is let go without it stops at once, without grace.
package final class HTTPServer: Sendable {
    /// Host and port as they are bound.
    package let address: ListenAddress

    private let counters: Counters
    let admission: Admission
    private let ending: CountdownLatch
    /// Event loops that are there for this server alone; nil where it is a guest of somebody's.
    private let group: LoopGroup?
    /// Gone once it accepts no more, so that the port is free when the loops have ended.
    private let listener: Locked<ListeningSocket?>

    private init(
        _ listener: ListeningSocket, _ counters: Counters, _ admission: Admission,
        _ ending: CountdownLatch, _ group: LoopGroup?
    ) {
        address = listener.address
        self.counters = counters
        self.admission = admission
        self.ending = ending
        self.group = group
        self.listener = Locked(listener)
    }

    /// Listens and serves; connections are accepted when this returns.
    ///
    /// - Parameter shared: event loops whose guest the server is until it has stopped; without them it has some of its own, as many
    ///   as the configuration says.
    package static func start(
        _ configuration: HTTPConfiguration, _ handler: any RequestHandler, on shared: LoopGroup? = nil
    ) throws(HTTPServerError) -> HTTPServer {
        let listener = try ListeningSocket(configuration.listen)
        let counters = Counters()
        let refusalResponses = RefusalResponses(handler)
        let own = try shared == nil ? group(configuration) : nil
        let eventLoops = (shared ?? own)?.loops ?? []
        let ending = CountdownLatch(count: eventLoops.count)
        let admission = Admission(configuration, eventLoops.map { LoopShare(LoopMailbox(of: $0)) })
        var loops: [Loop] = []
        for eventLoop in eventLoops {
            loops.append(
                try Loop(
                    configuration, handler, counters, listener, admission, refusalResponses, index: loops.count,
                    on: eventLoop, ending))
        }
        let server = HTTPServer(listener, counters, admission, ending, own)
        while let loop = loops.popLast() { Loop.join(loop) }
        return server
    }

    private static func group(_ configuration: HTTPConfiguration) throws(HTTPServerError) -> LoopGroup {
        do {
            return try LoopGroup(count: configuration.loops, named: "http", time: configuration.turnTime)
        } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    /// What is open, waiting and counted now.
    package var statistics: HTTPStatistics { counters.statistics(refused: admission.refused) }

    /// Accepts nothing more, and returns when all is answered or `grace` is over, and the event loops are left or have ended.
    ///
    /// Requests that wait are released with `.shuttingDown`, and so is at once what wants to wait from now on. Streams end
    /// after what they have to send already, and each connection after its next answer. A later call waits for the same end;
    /// the shortest grace counts.
    package func stop(grace: Duration) async {
        beginStopping(grace: grace)
        await ending.wait()
        await group?.shutdown()
    }

    private func beginStopping(grace: Duration) {
        let ends = ContinuousClock.now + grace
        for share in admission.shares { share.mailbox.post(.stop(ends)) }
        // Not in the loops' hands: whoever connects now is refused at once, and not left waiting.
        listener.withLock { listener in
            listener?.shutDown()
            listener = nil
        }
    }

    deinit { beginStopping(grace: .zero) }
}
