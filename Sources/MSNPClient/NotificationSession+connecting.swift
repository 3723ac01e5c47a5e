import MSNP
import NIOCore
import Synchronization

/// The connection to the notification server: made, heard, lost.
extension NotificationSession {
    func connect(to address: ServerAddress) {
        dropConnection()
        floodMeter = FloodMeter()
        connection = WireConnection(
            address == backend.configuration.address ? .dispatch : .notification, connection.number + 1)
        let generation = generation
        let deadline = NIODeadline.now() + backend.configuration.connectTimeout
        connectDeadline = eventLoop.scheduleTask(deadline: deadline) {
            self.assumeIsolated { $0.connectFailed(.timedOut, generation) }
        }
        let connector = Connector(backend: backend, eventLoop: eventLoop, gate: gate, unread: Self.unread)
        connector.connect(to: address, until: deadline) {
            FrameHandler(traffic: self.backend.traffic) { event in
                self.assumeIsolated { $0.heard(event, generation) }
            }
        } done: { result in
            self.assumeIsolated { session in
                switch result {
                case .success(let channel): session.connected(channel, generation)
                case .failure(let failure): session.connectFailed(failure.reason, generation)
                }
            }
        }
    }

    private func connected(_ channel: any Channel, _ generation: Int) {
        guard generation == self.generation, !hasEnded else {
            channel.close(promise: nil)
            return
        }
        connectDeadline?.cancel()
        connectDeadline = nil
        self.channel = channel
        step { $0.connected() }
        // It may have closed between the connection and this call, and then its end was not for us to hear.
        if !channel.isActive, generation == self.generation { step { $0.disconnected() } }
    }

    private func connectFailed(_ reason: UnreachableReason, _ generation: Int) {
        guard generation == self.generation, channel == nil, !hasEnded else { return }
        dropConnection()
        step { $0.connectFailed(reason) }
    }

    /// Bytes that may wait for a server that does not read: a thousand commands.
    private static let unread = 64 * 1024

    /// Tells the backend, so that its sessions know of each other's losses.
    @discardableResult func noteLoss() -> LossWave {
        let eventLoop = eventLoop
        let wave = backend.noteLoss(of: ObjectIdentifier(self)) { [weak self] in
            eventLoop.execute { [weak self] in self?.assumeIsolated { $0.othersWereLost() } }
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
        guard generation == self.generation, channel != nil else { return }
        switch event {
        case .frame(let frame):
            noteReceived()
            tap?.received(frame, connection: connection)
            let isAdmitted = floodMeter.admits(frame, at: Int64(NIODeadline.now().uptimeNanoseconds))
            step { isAdmitted ? $0.received(frame) : $0.flooded() }
            // Whatever has the number of the command: the server has read it.
            if let transaction = frame.transaction, pacing.isAnswered(by: transaction) { sayNext() }
        case .framingFailed(let error): step { $0.framingFailed(error) }
        case .closed(let isBroken):
            // After our own farewell it is no loss.
            let wave = flow.state == .ended ? nil : noteLoss()
            if !isBroken { step { $0.closedInOrder(amongOthers: wave?.isShared == true) } }
            channel = nil
            step { $0.disconnected() }
        }
    }
}
