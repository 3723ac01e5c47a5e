import ByteText

/// Answers that can't be understood end the request at once, instead of its time-out.
extension NotificationFlow {
    /// A frame could not be read.
    ///
    /// If it bears the number and the command of a request that waits, it was meant as the answer.
    ///
    /// Errors can always be read, so they never come here. Other commands may bear the number of a request without
    /// answering it (docs/protocol.md#servers-differ).
    mutating func handleUnreadable(_ frame: Frame) -> [FlowAction] {
        guard let transaction = frame.parameters.first.flatMap(TransactionID.init(parsing:)),
            transaction != .unsolicited
        else { return [] }
        switch phase {
        case .signingIn(let signIn):
            guard let command = signIn.command(of: transaction), frame.isAnswer(to: command) else { return [] }
            return end(.protocolError(.nonsense(command: command, line: BlankedFrame(frame).excerpt)))
        case .synchronizing(let synchronization):
            guard synchronization.transaction == transaction, frame.isAnswer(to: "SYN") else { return [] }
            return end(.protocolError(.nonsense(command: "SYN", line: BlankedFrame(frame).excerpt)))
        case .announcing(transaction) where frame.isAnswer(to: "CHG"):
            return end(.protocolError(.nonsense(command: "CHG", line: BlankedFrame(frame).excerpt)))
        case .online:
            switch pending[transaction] {
            case .request(let id, let request) where frame.isAnswer(to: request.command):
                return fail(transaction, id, request, with: frame)
            case .restoredName where frame.isAnswer(to: "REA"):
                pending[transaction] = nil
                return [.cancel(.request(transaction))]
            case .request, .restoredName, .challengeAnswer, nil: return []
            }
        case .idle, .queued, .connecting, .announcing, .waiting, .leaving, .ended: return []
        }
    }

    /// What was meant as the answer to a request can't be understood.
    mutating func fail(
        _ transaction: TransactionID, _ id: RequestID, _ request: SessionRequest, with frame: Frame
    ) -> [FlowAction] {
        // Silence means that a page was accepted, and only an error means that it was not.
        if case .outreach(.page) = request, frame.command == request.command { return [] }
        noteOutcome(of: request, nil)
        let nonsense = RequestFailure.nonsense(command: request.command, line: BlankedFrame(frame).excerpt)
        return finish(transaction, id, .failure(nonsense))
    }
}

extension Frame {
    /// Whether it has the form of an answer to the command, which is the same word.
    func isAnswer(to command: String) -> Bool { ASCII.equals(self.command, command) }
}

extension BlankedFrame {
    fileprivate init(_ frame: Frame) { self.init(frame, .fromServer, onSwitchboard: false) }
}
