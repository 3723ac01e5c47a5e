import Loops
package import MSNP

/// Talking to people, by way of switchboards; what comes of it is told as `SessionEvent.conversation`.
extension NotificationSession {
    /// Sends a message; `ConversationEvent.sent` comes before this returns, and `settled` once, later or before.
    ///
    /// Throws `MessageFailure` when the message can't even be taken, of which no event tells.
    package func send(
        _ message: OutgoingMessage, to target: MessageTarget
    ) throws(MessageFailure) -> ConversationID {
        guard !hasEnded else { throw .notOnline(.ended) }
        var result = Result<ConversationID, MessageFailure>.failure(.notOnline(.ended))
        stepConversations { flow in
            let (taken, actions) = flow.send(message, to: target)
            result = taken
            return actions
        }
        return try result.get()
    }

    /// Opens a conversation or brings somebody in, and waits for the outcome, some 20 s at most.
    package func converse(_ request: ConversationRequest) async throws(MessageFailure) -> ConversationReply {
        guard !hasEnded else { throw .notOnline(.ended) }
        let id = nextRequest()
        let result = await withCheckedContinuation { continuation in
            talks[id] = continuation
            stepConversations { $0.request(id, request) }
        }
        return try result.get()
    }

    /// Leaves a conversation, which closes it: messages that wait in it fail.
    ///
    /// Nothing happens when there is none of that ID.
    package func leave(_ conversation: ConversationID) { stepConversations { $0.leave(conversation) } }

    /// Says that we are typing, if a switchboard is there and it was not said a moment ago.
    package func type(in conversation: ConversationID) { stepConversations { $0.type(in: conversation) } }

    // MARK: - Running the flow

    func stepConversations(_ input: (inout ConversationFlow) -> [ConversationAction]) {
        conversations.ownHandle = ownHandle
        conversations.isAcknowledgementHopeless = backend.known.isAcknowledgementHopeless
        let actions = input(&conversations)
        for place in actions.indices { carryOut(actions.span[place]) }
    }

    private func carryOut(_ action: ConversationAction) {
        switch action {
        case .requestTransfer(let board): requestTransfer(board)
        case .connect(let board, let address): connect(board, to: address)
        case .send(let board, let command): send(command, on: board)
        case .close(let board): switchboards.removeValue(forKey: board)?.socket?.close()
        case .start(let timer, let duration): start(.conversation(timer), duration)
        case .cancel(let timer): cancel(.conversation(timer))
        case .emit(let event): observer(.conversation(event))
        case .ignored(let command): observer(.ignored(command: command))
        case .dropped(let command): drop(command)
        case .complete(let request, let result): talks.removeValue(forKey: request)?.resume(returning: result)
        case .learn(let trait): backend.learn(trait)
        }
    }

    private func send(_ command: SwitchboardClientCommand, on board: SwitchboardID) {
        guard let connection = switchboards[board] else { return }
        write(command.frame, to: connection.socket, connection.wire)
    }

    private func requestTransfer(_ board: SwitchboardID) {
        Task {
            do throws(RequestFailure) {
                guard case .transferred(let address, let cookie) = try await request(.transfer) else {
                    preconditionFailure("a transfer is answered with one")
                }
                stepConversations { $0.transferred(board, to: address, cookie: cookie) }
            } catch {
                stepConversations { $0.notTransferred(board, error) }
            }
        }
    }

    private func connect(_ board: SwitchboardID, to address: ServerAddress) {
        switchboardsMade += 1
        switchboards[board] = SwitchboardConnection(wire: WireConnection(.switchboard, switchboardsMade))
        let deadline = MonotonicInstant.now + backend.configuration.conversationTimeouts.entering
        let connector = Connector(
            backend: backend, loop: loop, budget: budget, unread: SwitchboardConnection.unread,
            purpose: .switchboard(held: switchboards.count - 1))
        connector.connect(to: address, until: deadline) {
            FrameHandler(on: self.loop, traffic: self.backend.traffic, hold: self.hold) { event in
                self.assumeIsolated { $0.heard(event, board) }
            }
        } done: { result in
            self.assumeIsolated { session in
                switch result {
                case .success(let socket): session.connected(socket, board)
                case .failure(let failure): session.stepConversations { $0.connectFailed(board, failure.reason) }
                }
            }
        }
    }

    private func connected(_ socket: Socket, _ board: SwitchboardID) {
        // It may have been given up meanwhile.
        guard switchboards[board] != nil else { return socket.close() }
        switchboards[board]?.socket = socket
        stepConversations { $0.connected(board) }
        // It may have closed before this call, and then its end was not for us to hear.
        if !socket.isOpen { stepConversations { $0.disconnected(board) } }
    }

    private func heard(_ event: FrameHandler.Event, _ board: SwitchboardID) {
        guard let connection = switchboards[board], connection.socket != nil else { return }
        switch event {
        case .frame(let frame, let isFirst):
            if isFirst { noteReceived() }
            tap?.received(frame, connection: connection.wire)
            let now = loop.time.nanoseconds
            // A flood ends the switchboard that it comes from, and nothing else.
            let isAdmitted = switchboards[board]?.floodMeter.admits(frame, at: now) == true
            stepConversations { isAdmitted ? $0.received(frame, on: board) : $0.disconnected(board) }
        case .framingFailed, .closed: stepConversations { $0.disconnected(board) }
        }
    }

    /// The last commands are written before a connection closes.
    func closeSwitchboards() {
        let sockets = switchboards.values.compactMap(\.socket)
        switchboards = [:]
        for socket in sockets { socket.closeAfterWriting() }
    }
}
