import MSNP
import NIOCore
import NIOPosix

/// Makes connections to a backend's servers, all on one event loop.
struct Connector: Sendable {
    let backend: Backend
    let eventLoop: any EventLoop
    let gate: ConnectionGate
    /// Bytes that may wait for a server that does not read before the connection counts as unwritable.
    let unread: Int
    /// What the connections are for.
    var purpose = ConnectionBudget.Purpose.session

    /// Begins to connect; `done` is called with the outcome on the event loop, or never once the loops are ending.
    func connect(
        to address: ServerAddress, until deadline: NIODeadline, makeHandler: @escaping @Sendable () -> FrameHandler,
        done: @escaping @Sendable (Result<any Channel, UnreachableFailure>) -> Void
    ) {
        // Before the name is resolved, which takes descriptors too.
        guard gate.budget.take(purpose) else {
            gate.run(on: eventLoop) { done(.failure(UnreachableFailure(reason: .gatewayFull))) }
            return
        }
        Task {
            let result: Result<any Channel, UnreachableFailure>
            do throws(UnreachableFailure) {
                let channel = try await connect(to: address, until: deadline, makeHandler)
                channel.closeFuture.whenComplete { [budget = gate.budget] _ in budget.giveBack() }
                result = .success(channel)
            } catch {
                gate.budget.giveBack()
                result = .failure(error)
            }
            gate.run(on: eventLoop) { done(result) }
        }
    }

    /// Tries a server's addresses in order, each for a share of the time that is left.
    private func connect(
        to address: ServerAddress, until deadline: NIODeadline, _ makeHandler: @escaping @Sendable () -> FrameHandler
    ) async throws(UnreachableFailure) -> any Channel {
        let endpoints = try await backend.endpoints(of: address)
        for (index, endpoint) in endpoints.enumerated() {
            let remaining = deadline - .now()
            guard remaining > .nanoseconds(0) else { break }
            // An address that swallows packets may not use up the time of those after it.
            let share = TimeAmount.nanoseconds(remaining.nanoseconds / Int64(endpoints.count - index))
            if let channel = try? await open(endpoint, share, makeHandler) { return channel }
        }
        throw UnreachableFailure(reason: .refused)
    }

    private func open(
        _ endpoint: SocketAddress, _ timeout: TimeAmount, _ makeHandler: @escaping @Sendable () -> FrameHandler
    ) async throws -> any Channel {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.socketOption(.so_rcvbuf), value: .init(FrameHandler.receiveBuffer))
            .channelOption(.maxMessagesPerRead, value: FrameHandler.readsPerEvent)
            .channelOption(
                .writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: unread / 2, high: unread)
            )
            .channelOption(TCPLiveness.idleOption, value: TCPLiveness.idleSeconds)
            .channelOption(TCPLiveness.intervalOption, value: TCPLiveness.intervalSeconds)
            .channelOption(TCPLiveness.countOption, value: TCPLiveness.count)
            .channelOption(TCPLiveness.userTimeoutOption, value: TCPLiveness.userTimeoutMilliseconds)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(makeHandler())
                }
            }
        return try await gate.pass { bootstrap.connect(to: endpoint) }
    }
}
