extension RemoteSession {
    /// The open conversations, the last active first.
    public func conversations() async throws(GatewayError) -> [Conversation] {
        struct List: Decodable { let conversations: [Conversation] }
        return try await call("GET", "/conversations").decode(List.self).conversations
    }

    /// One of them.
    public func conversation(_ id: String) async throws(GatewayError) -> Conversation {
        try await call("GET", conversationPath(id)).decode(Conversation.self)
    }

    /// Brings people together; `Conversation.absent` says who did not come.
    public func openConversation(with accounts: [String]) async throws(GatewayError) -> Conversation {
        try await call("POST", "/conversations", ["participants": .array(accounts.map(JSONValue.string))])
            .decode(Conversation.self)
    }

    /// Leaves a conversation; repeated, it does nothing more.
    public func leave(_ conversation: String) async throws(GatewayError) {
        _ = try await call("DELETE", conversationPath(conversation))
    }

    /// Calls somebody into a conversation.
    public func invite(_ account: String, to conversation: String) async throws(GatewayError) {
        _ = try await call("POST", conversationPath(conversation) + "/participants", ["account": .string(account)])
    }

    /// Tells that the account is typing, where somebody is there to see it.
    public func typing(in conversation: String) async throws(GatewayError) {
        _ = try await call("POST", conversationPath(conversation) + "/typing")
    }

    /// Sends a message once, and gives what became of it, `pending` where nobody knows yet.
    ///
    /// A message that failed is a problem: `contactOffline`, `messageNotDelivered`. After a connection that was lost only the same
    /// key is sure not to send it twice: `Outbox` does that.
    public func send(_ draft: MessageDraft, key: IdempotencyKey) async throws(GatewayError) -> Message {
        struct Answer: Decodable { let message: Message }
        let rest =
            switch draft.target {
            case .person: "/messages"
            case .conversation(let id): conversationPath(id) + "/messages"
            }
        var request = APIRequest(
            "POST", path(rest), headers: [("idempotency-key", key.text)], body: draft.body.bytes)
        // It waits for the outcome.
        request.wait = .seconds(20)
        return try await call(request).decode(Answer.self).message
    }

    /// One of the last 1,000 that were sent, with its outcome.
    public func message(_ id: String) async throws(GatewayError) -> Message {
        try await call("GET", "/messages/\(APIRequest.segment(id))").decode(Message.self)
    }

    private func conversationPath(_ id: String) -> String { "/conversations/\(APIRequest.segment(id))" }
}
