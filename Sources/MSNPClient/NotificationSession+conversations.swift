package import MSNP

/// Talking to people, by way of switchboards; what comes of it is told as `SessionEvent.conversation`.
extension NotificationSession {
    /// Sends a message; `ConversationEvent.sent` comes before this returns, and `settled` once, later or before.
    ///
    /// Throws `MessageFailure` when the message can't even be taken, of which no event tells.
    package func send(
        _ message: OutgoingMessage, to target: MessageTarget
    ) throws(MessageFailure) -> ConversationID {
        throw .notOnline(.connecting)
    }

    /// Opens a conversation or brings somebody in, and waits for the outcome, some 20 s at most.
    package func converse(_ request: ConversationRequest) async throws(MessageFailure) -> ConversationReply {
        throw .notOnline(.connecting)
    }

    /// Leaves a conversation, which closes it; messages that wait in it fail. Nothing when there is none of that ID.
    package func leave(_ conversation: ConversationID) {}

    /// Says that we are typing, if a switchboard is there and it was not said a moment ago.
    package func type(in conversation: ConversationID) {}
}
