/// Servers that close on commands that they don't know are recognised by it (protocol.md 21.1).
extension NotificationFlow {
    /// The server closed in good order; told before `disconnected`.
    ///
    /// A connection that broke proves nothing: the network breaks them at the first word after a long silence.
    ///
    /// - Parameter amongOthers: other sessions with the backend lost their connections at about this time.
    package mutating func closedInOrder(amongOthers: Bool = false) -> [FlowAction] {
        guard case .online = phase else { return [] }
        let hasCause = amongOthers || sawRefusal || pending.values.contains { $0 != .challengeAnswer }
        isBareClose = !hasCause
        guard let command = suspect else { return [] }
        suspect = nil
        return [.learn(.closes(onCommand: command))]
    }

    /// A request is about to be sent; if it is the only one, and of a command never answered, a close will be its doing.
    mutating func suspect(_ command: String) -> [FlowAction] {
        let isAlone = pending.isEmpty && !awaitsPong
        guard isAlone, let optional = OptionalCommand(rawValue: command), !Self.common.contains(optional),
            !commands.answered.contains(command)
        else { return acquit() }
        suspect = command
        return [.start(.suspicion, timeouts.suspicion)]
    }

    /// What no server is without: a close on one of these is of another making, and to forbid them would leave nobody much
    /// to do.
    private static let common: Set<OptionalCommand> = [.add, .remove, .rename, .privacy, .addPrompt, .transfer]

    /// Something came, or too much time has passed, or there is another who may have done it.
    mutating func acquit() -> [FlowAction] {
        guard suspect != nil else { return [] }
        suspect = nil
        return [.cancel(.suspicion)]
    }

    /// The server has answered a command, with success or an error.
    func credit(_ command: String) -> [FlowAction] {
        guard OptionalCommand(rawValue: command) != nil, !commands.answered.contains(command) else { return [] }
        return [.learn(.answers(command: command))]
    }
}
