import CMicroHTTPD
import Locking
package import Loops

/// An HTTP/1.1 server: listening sockets, a part of each of a few event loops, and a handler that they ask.
///
/// It runs until `stop`; one that is let go without it stops at once, without grace.
package final class HTTPServer: Sendable {
    /// Sockets that a server may listen at.
    package static let mostListeners = Int(Tag.firstDaemon - Tag.firstListener)

    /// Of the libmicrohttpd that is loaded, as `0.9.75`.
    package static var libraryVersion: String {
        // The text is the library's own and there for ever.
        unsafe MHD_get_version().map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// As they are bound; at least one.
    package let addresses: [ListenAddress]
    /// The first of them.
    package var address: ListenAddress { addresses[0] }

    private let counters: Counters
    let admission: Admission
    private let ending: CountdownLatch
    /// Event loops that are there for this server alone; nil where it is a guest of somebody's.
    private let group: LoopGroup?
    /// Gone once it accepts no more, so that the port is free when the loops have ended.
    private let listeners: Locked<[HTTPListener]>

    private init(
        _ listeners: [HTTPListener], _ counters: Counters, _ admission: Admission,
        _ ending: CountdownLatch, _ group: LoopGroup?
    ) {
        addresses = listeners.map(\.address)
        self.counters = counters
        self.admission = admission
        self.ending = ending
        self.group = group
        self.listeners = Locked(listeners)
    }

    /// Listens and serves; connections are accepted when this returns.
    ///
    /// - Parameters:
    ///   - inherited: sockets that take the place of the configured address, where there are any; at most `mostListeners`.
    ///   - shared: event loops whose guest the server is until it has stopped; without them it has some of its own, as many
    ///     as the configuration says.
    package static func start(
        _ configuration: HTTPConfiguration, _ handler: any RequestHandler, inheriting inherited: [HTTPListener] = [],
        on shared: LoopGroup? = nil
    ) throws(HTTPServerError) -> HTTPServer {
        precondition(inherited.count <= mostListeners, "each listener has a tag")
        let listeners = inherited.isEmpty ? [try HTTPListener(configuration.listen)] : inherited
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
                    configuration, handler, counters, listeners, admission, refusalResponses, index: loops.count,
                    on: eventLoop, ending))
        }
        let server = HTTPServer(listeners, counters, admission, ending, own)
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
        let ends = MonotonicInstant.now + grace
        for share in admission.shares { share.mailbox.post(.stop(ends)) }
        // Not in the loops' hands: whoever connects now is refused at once, and not left waiting.
        listeners.withLock { listeners in
            for listener in listeners { listener.shutDown() }
            listeners = []
        }
    }

    deinit { beginStopping(grace: .zero) }
}
