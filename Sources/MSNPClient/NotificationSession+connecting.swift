import Loops
import MSNP
import Synchronization

/// The connection to the notification server: made, heard, lost.
extension NotificationSession {
    func connect(to address: ServerAddress) {
        dropConnection()
        loop.makeRoom()
        floodMeter = FloodMeter()
        connection = WireConnection(
            address == backend.configuration.address ? .dispatch : .notification, connection.number + 1)
        let generation = generation
        let deadline = MonotonicInstant.now + backend.configuration.connectTimeout
        connectDeadline = loop.eventLoop.at(deadline) {
            self.assumeIsolated { $0.connectFailed(.timedOut, generation) }
        }
        // The actor's own, and called where it lives: sockets tell their handlers on their loop's thread. To ask the runtime
        // for each frame where it is, as `assumeIsolated` does, took two allocations and 0.5 µs of an event.
        nonisolated(unsafe) let hear: (FrameHandler.Event) -> Void = { event in
            self.loop.eventLoop.checkIsolated()
            self.heard(event, generation)
        }
        let connector = Connector(backend: backend, loop: loop, budget: budget, unread: Self.unread)
        connector.connect(to: address, until: deadline) {
            unsafe FrameHandler(on: self.loop, traffic: self.backend.traffic, hold: self.hold, report: hear)
        } done: { result in
            self.assumeIsolated { session in
                switch result {
                case .success(let socket): session.connected(socket, generation)
                case .failure(let failure): session.connectFailed(failure.reason, generation)
                }
            }
        }
    }

    private func connected(_ socket: Socket, _ generation: Int) {
        guard generation == self.generation, !hasEnded else {
            socket.close()
            return
        }
        connectDeadline?.cancel()
        connectDeadline = nil
        self.socket = socket
        step { $0.connected() }
        // It may have closed between the connection and this call, and then its end was not for us to hear.
        if !socket.isOpen, generation == self.generation { step { $0.disconnected() } }
    }

    private func connectFailed(_ reason: UnreachableReason, _ generation: Int) {
        guard generation == self.generation, socket == nil, !hasEnded else { return }
        dropConnection()
        step { $0.connectFailed(reason) }
    }

    /// Bytes that may wait for a server that does not read: a thousand commands.
    private static let unread = 64 * 1024

    /// Tells the backend, so that its sessions know of each other's losses.
    @discardableResult func noteLoss() -> LossWave {
        let loop = loop
        let wave = backend.noteLoss(of: ObjectIdentifier(self)) { [weak self] in
            _ = loop.post { [weak self] in self?.assumeIsolated { $0.othersWereLost() } }
        }
        lossWave = wave
        return wave
    }

    private func othersWereLost() {
        guard !hasEnded else { return }
        step { $0.othersWereLost() }
    }

    func noteReceived() { lastReceived.store(now(), ordering: .relaxed) }

    private func heard(_ event: FrameHandler.Event, _ generation: Int) {
        guard generation == self.generation, socket != nil else { return }
        switch event {
        case .frame(let frame, let isFirst):
            if isFirst { noteReceived() }
            tap?.received(frame, connection: connection)
            let isAdmitted = floodMeter.admits(frame, at: loop.time.nanoseconds)
            step { isAdmitted ? $0.received(frame) : $0.flooded() }
            // Whatever has the number of the command: the server has read it.
            if pacing.awaitsAnswer, let transaction = frame.transaction, pacing.isAnswered(by: transaction) {
                sayNext()
            }
        case .framingFailed(let error): step { $0.framingFailed(error) }
        case .closed(let isBroken):
            // After our own farewell it is no loss.
            let wave = flow.state == .ended ? nil : noteLoss()
            if !isBroken { step { $0.closedInOrder(amongOthers: wave?.isShared == true) } }
            socket = nil
            step { $0.disconnected() }
        }
    }
}
