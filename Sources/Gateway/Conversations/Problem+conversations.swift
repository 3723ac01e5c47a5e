import MSNP

/// What goes wrong between people, as the API says it.
extension Problem {
    static let noConversation = Problem(.notFound, "The session has no such conversation.")

    /// Why a message was not delivered.
    static func undelivered(_ failure: MessageFailure) -> Problem {
        if let problem = common(failure) { return problem }
        var problem =
            switch failure {
            case .refused(let code, let command):
                Problem(.messageNotDelivered, "The server refused to bring the message across.", code, command: command)
            case .notJoined: Problem(.messageNotDelivered, "They were called and did not come in time.")
            case .notDelivered: Problem(.messageNotDelivered, "The server says that the message did not arrive.")
            case .notPrivate:
                Problem(
                    .messageNotDelivered,
                    "It is for one person alone, and each time somebody else came into the conversation first.")
            case .timedOut(let command):
                Problem(.messageNotDelivered, "The server did not answer \(command) in time.")
            case .unreachable: Problem(.messageNotDelivered, "The server for conversations can't be reached.")
            case .conversationClosed:
                Problem(.messageNotDelivered, "The conversation was closed before it could go out.")
            default: Problem(.messageNotDelivered, "The connection was lost before it could go out.")
            }
        problem.reason = MessageReason(failure).rawValue
        // Of all failures the one of what has gone out.
        problem.mayHaveActed = failure == .notDelivered
        return problem
    }

    /// Why a message was not delivered that another process has sent.
    static func undelivered(before reason: MessageReason, partial: Int?) -> Problem {
        var problem = Problem(.messageNotDelivered, "The message did not arrive, or not all of it.")
        problem.reason = reason.rawValue
        problem.partial = partial
        // As `undelivered` has it: where nothing went out, asking again sends it.
        problem.mayHaveActed = partial != nil || reason == .notDelivered
        return problem
    }

    /// Why the rest of a message was not delivered of which a part went out.
    ///
    /// Never what invites to do the same again, as the server has had some of it.
    static func undelivered(_ failure: MessageFailure, partial: Int) -> Problem {
        var problem = Problem(
            .messageNotDelivered, "Part of the message went out; `partial` is how many characters of it arrived.")
        problem.msnp = undelivered(failure).msnp
        problem.reason = MessageReason(failure).rawValue
        problem.partial = partial
        problem.mayHaveActed = true
        return problem
    }

    /// Why people were not brought together.
    static func unreached(_ failure: MessageFailure) -> Problem {
        if let problem = common(failure) { return problem }
        var problem =
            switch failure {
            case .refused(let code, let command):
                Problem(.backendError, "The server refused to call them.", code, command: command)
            // To whoever wants to talk to them it is the same.
            case .notJoined: Problem(.contactOffline, "They were called and did not come in time.")
            case .timedOut(let command): Problem(.backendTimeout, "The server did not answer \(command) in time.")
            case .unreachable: Problem(.backendUnreachable, "The server for conversations can't be reached.")
            case .conversationClosed: Problem.noConversation
            default: Problem(.backendError, "The connection was lost before anybody had come.")
            }
        problem.reason = MessageReason(failure).rawValue
        return problem
    }

    /// What means the same for messages and for calls.
    private static func common(_ failure: MessageFailure) -> Problem? {
        switch failure {
        case .contactOffline(let code):
            Problem(
                .contactOffline, "They are offline or hidden, don't take messages from this account, or don't exist.",
                code, command: "CAL")
        case .appearingOffline(let command):
            Problem(
                .appearingOffline, "The server lets nobody talk who appears offline to others.", 913, command: command)
        case .tooActive(let code, let command):
            Problem(.rateLimited, "The server wants this done less often.", code, command: command)
                .retrying(after: MessagingLimits.serverPatience).exceeding(.reached(.server))
        case .queueFull:
            Problem(.rateLimited, "As much as may wait for its way out waits already.").retrying(after: 1)
                .exceeding(.reached(.queue))
        case .tooManyConversations:
            Problem(.rateLimited, "The session has as many conversations as it may, all of them in use.")
                .retrying(after: MessagingLimits.serverPatience).exceeding(.reached(.conversations))
        case .notSupported(let command):
            Problem(
                .notSupportedByBackend, "The server is known not to take \(command), so it was not sent.")
        case .nonsense(let command, let line): Problem(.backendProtocolError, nonsense(command, line))
        case .unknownConversation: noConversation
        case .unreachable(.gatewayFull): noRoom
        case .notOnline:
            Problem(.reconnecting, "The session was not online at that moment.").retrying(after: 1)
        case .notJoined, .notDelivered, .notPrivate, .refused, .timedOut, .unreachable, .connectionLost,
            .conversationClosed:
            nil
        }
    }
}
