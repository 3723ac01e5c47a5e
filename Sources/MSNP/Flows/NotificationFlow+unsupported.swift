/// Finding the commands that a server does not support: some servers close on those (docs/protocol.md#servers-differ).
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
        guard let command = watchedCommand else { return [] }
        watchedCommand = nil
        return [.learn(.closes(onCommand: command))]
    }

    /// A request is about to be sent; a close counts against its command if nothing else is under way and the command was never
    /// answered.
    mutating func watchForClose(on command: String) -> [FlowAction] {
        let isAlone = pending.isEmpty && !awaitsPong
        guard isAlone, let optional = OptionalCommand(rawValue: command), !Self.common.contains(optional),
            !commands.answered.contains(command)
        else { return stopWatchingForClose() }
        watchedCommand = command
        return [.start(.closeWatch, timeouts.closeWatch)]
    }

    /// What every server supports: a close on one of these has another cause, and without them a session could do little.
    private static let common: Set<OptionalCommand> = [.add, .remove, .rename, .privacy, .addPrompt, .transfer]

    /// The server said something, too much time has passed, or another command is under way: a close has other causes now.
    mutating func stopWatchingForClose() -> [FlowAction] {
        guard watchedCommand != nil else { return [] }
        watchedCommand = nil
        return [.cancel(.closeWatch)]
    }

    /// The server has answered a command, with success or an error.
    func learnAnswered(_ command: String) -> [FlowAction] {
        guard OptionalCommand(rawValue: command) != nil, !commands.answered.contains(command) else { return [] }
        return [.learn(.answers(command: command))]
    }
}

/// What is known of a backend's commands.
package struct CommandTraits: Equatable, Sendable {
    /// The commands that the backend has answered.
    package var answered: Set<String> = []
    /// The commands that the backend is not sent: the operator said so, or it closed on them.
    package var forbidden: Set<String> = []

    package init(forbidden: Set<String> = []) {
        self.forbidden = forbidden
    }
}
