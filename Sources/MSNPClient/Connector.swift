import Glibc
import Loops
import MSNP

/// Makes connections to a backend's servers, all on one event loop.
struct Connector: Sendable {
    let backend: Backend
    let loop: ClientLoop
    let budget: ConnectionBudget
    /// Bytes that may wait for a server that does not read before the connection counts as unwritable.
    let unread: Int
    /// What the connections are for.
    var purpose = ConnectionBudget.Purpose.session

    /// Begins to connect; `done` is called with the outcome on the event loop, or never once the loops are ending.
    func connect(
        to address: ServerAddress, until deadline: MonotonicInstant,
        makeHandler: @escaping @Sendable () -> FrameHandler,
        done: @escaping @Sendable (Result<Socket, UnreachableFailure>) -> Void
    ) {
        // Before the name is resolved, which takes descriptors too.
        guard let lease = budget.lease(purpose) else {
            _ = loop.post { done(.failure(UnreachableFailure(reason: .gatewayFull))) }
            return
        }
        let attempt = Attempt(
            connector: self, lease: lease, deadline: deadline, makeHandler: makeHandler, done: done)
        do throws(UnreachableFailure) {
            if let endpoints = try backend.knownEndpoints(of: address) {
                _ = loop.post { attempt.open(endpoints[...]) }
                return
            }
        } catch {
            _ = loop.post { attempt.fail(error) }
            return
        }
        // Outside of all actors, as a name's resolution may outlive the session.
        Task(executorPreference: LoopTaskExecutor(loop)) { [backend, loop] in
            let found: Result<[TCPEndpoint], UnreachableFailure>
            do throws(UnreachableFailure) {
                found = .success(try await backend.endpoints(of: address))
            } catch {
                found = .failure(error)
            }
            _ = loop.post {
                switch found {
                case .success(let endpoints): attempt.open(endpoints[...])
                case .failure(let failure): attempt.fail(failure)
                }
            }
        }
    }

    /// What one attempt needs, on the loop's thread.
    private struct Attempt: Sendable {
        let connector: Connector
        let lease: ConnectionBudget.Lease
        let deadline: MonotonicInstant
        let makeHandler: @Sendable () -> FrameHandler
        let done: @Sendable (Result<Socket, UnreachableFailure>) -> Void

        /// Tries a server's addresses in order, each for a share of the time that is left.
        func open(_ endpoints: ArraySlice<TCPEndpoint>) {
            let remaining = deadline - .now
            guard let endpoint = endpoints.first, remaining > .zero else {
                return fail(UnreachableFailure(reason: .refused))
            }
            let loop = connector.loop
            // An address that swallows packets may not use up the time of those after it.
            Socket.connect(
                to: endpoint, on: loop.eventLoop, of: loop.place, Connector.options, unsent: connector.unread,
                within: remaining / endpoints.count
            ) { socket in
                guard let socket else { return open(endpoints.dropFirst()) }
                socket.lease = lease
                let handler = makeHandler()
                handler.start(socket)
                done(.success(socket))
            }
        }

        func fail(_ failure: UnreachableFailure) {
            lease.giveBack()
            done(.failure(failure))
        }
    }

    private static let options =
        TCPLiveness.options + [
            Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_NODELAY, value: 1),
            Socket.Option(level: SOL_SOCKET, name: SO_RCVBUF, value: FrameHandler.receiveBuffer),
        ]
}
