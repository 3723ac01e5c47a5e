import Locking

/// An HTTP/1.1 server: one listening socket, a few event loops with a thread each, and a handler that they ask.
///
/// It runs until `stop`; one that is let go without it stops at once, without grace.
package final class HTTPServer: Sendable {
    /// Host and port as they are bound.
    package let address: ListenAddress

    private let mailboxes: [LoopMailbox]
    private let counters: Counters
    private let admission: Admission
    private let ending: CountdownLatch
    /// Gone once it accepts no more, so that the port is free when the loops have ended.
    private let listener: Locked<ListeningSocket?>

    private init(_ listener: ListeningSocket, _ loops: [Loop], _ counters: Counters, _ admission: Admission) {
        address = listener.address
        mailboxes = loops.map(\.mailbox)
        self.counters = counters
        self.admission = admission
        ending = CountdownLatch(threads: loops.count)
        self.listener = Locked(listener)
    }

    /// Listens and serves; connections are accepted when this returns.
    package static func start(
        _ configuration: HTTPConfiguration, _ handler: any RequestHandler
    ) throws(HTTPServerError) -> HTTPServer {
        let listener = try ListeningSocket(configuration.listen)
        let counters = Counters()
        let admission = Admission(configuration)
        let refusalResponses = RefusalResponses(handler)
        var loops: [Loop] = []
        for _ in 0..<configuration.loops {
            loops.append(
                try Loop(configuration, handler, counters, listener, admission, refusalResponses, index: loops.count))
        }
        let server = HTTPServer(listener, loops, counters, admission)
        for (index, loop) in loops.enumerated() {
            let error = LoopThread.start(loop, named: "http-\(index)", server.ending)
            guard error == 0 else {
                // Those that run are stopped with `server`; the others were never handed out.
                for _ in index..<loops.count { server.ending.threadEnded() }
                throw .system(call: "pthread_create", code: error)
            }
        }
        return server
    }

    /// What is open, waiting and counted now.
    package var statistics: HTTPStatistics { counters.statistics(refused: admission.refused) }

    /// Releases all requests that wait, with `.shuttingDown`, and ends streams after what they have to send already.
    ///
    /// From now on one that wants to wait is released at once, and each connection closes after its next answer. New
    /// connections are accepted until `stop`. What is under way keeps its time.
    package func beginDraining() {
        for mailbox in mailboxes { mailbox.post(.drain) }
    }

    /// Drains, accepts nothing more, and returns when all is answered or `grace` is over and the threads have ended.
    ///
    /// A later call waits for the same end; the shortest grace counts.
    package func stop(grace: Duration) async {
        beginStopping(grace: grace)
        await ending.wait()
    }

    private func beginStopping(grace: Duration) {
        let ends = ContinuousClock.now + grace
        for mailbox in mailboxes { mailbox.post(.stop(ends)) }
        // Not in the loops' hands: whoever connects now is refused at once, and not left waiting.
        listener.withLock { listener in
            listener?.shutDown()
            listener = nil
        }
    }

    deinit { beginStopping(grace: .zero) }
}
