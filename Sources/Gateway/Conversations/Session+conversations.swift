import Locking
import MSNP
import MSNPClient

/// The conversations that a session has, and what can be done with them besides writing.
extension Session {
    var conversations: [ConversationResource] { state.withLock { $0.record.conversationResources } }

    /// The open conversation that a caller names.
    ///
    /// Throws `Problem` 404.
    func conversation(_ name: String) throws(Problem) -> (id: ConversationID, resource: ConversationResource) {
        let found = state.withLock { state in
            state.record.conversation(named: name).flatMap { state.record.conversations.open[$0] }
                .map { ($0.id, state.record.resource(of: $0)) }
        }
        guard let found else { throw Problem.noConversation }
        return found
    }

    /// Brings people together or one more in; throws `Problem`.
    func converse(_ request: ConversationRequest) async throws(Problem) -> (ConversationResource, isNew: Bool) {
        let (client, current) = state.withLock { state in
            (state.record.hears ? state.client : nil, state.record.state)
        }
        let reply: ConversationReply
        do throws(MessageFailure) {
            guard let client else { throw .notOnline(current) }
            reply = try await client.converse(request)
        } catch {
            throw problem(error, Problem.unreached)
        }
        let found = state.withLock { state in
            state.record.conversations.open[reply.conversation].map { conversation in
                var resource = state.record.resource(of: conversation)
                let absent = reply.absent.map { absence in
                    ConversationResource.Absent(
                        account: state.record.account(of: absence.handle), reason: MessageReason(absence.failure))
                }
                resource.absent = absent.isEmpty ? nil : absent
                return resource
            }
        }
        guard let found else {
            try requireHearing()
            throw Problem.noConversation
        }
        return (found, reply.isNew)
    }

    /// Leaves a conversation; nothing when that has happened already.
    ///
    /// Throws `Problem` 404 when the session never had it, and 503 while nobody is there who could leave it.
    func leave(_ name: String) async throws(Problem) {
        let (id, client, isOpen) = state.withLock { state in
            let id = state.record.conversation(named: name)
            return (id, state.client, id.map { state.record.conversations.open[$0] != nil } ?? false)
        }
        guard let id else { throw Problem.noConversation }
        guard isOpen else {
            await client?.leave(id)
            return
        }
        try requireHearing()
        // Nobody has begun to bring it back yet.
        guard let client else { throw notOnline() }
        await client.leave(id)
        // The process may have begun to end meanwhile: then the next one has it still.
        try requireHearing()
    }

    /// Throws 503 where nobody hears any more what comes of a call, as the process is about to end.
    private func requireHearing() throws(Problem) {
        guard state.withLock({ $0.record.hears || $0.record.hasEnded }) else { throw notOnline() }
    }

    func type(in conversation: ConversationID) async {
        await state.withLock { $0.client }?.type(in: conversation)
    }

    /// An account as the server is known to spell it.
    func spelling(of account: Handle) -> Handle {
        account.spelled(as: state.withLock { $0.record.roster.contact(account.spelling) })
    }

    /// Whether to answer somebody who calls us; asked on the session's event loop.
    func admitsCall(_ caller: String) -> Bool { state.withLock { $0.record.admitsCall(caller) } }
}
