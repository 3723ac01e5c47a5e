import Locking
import MSNP
import MSNPClient

/// The directory, invitations by mail and mobile pages.
extension Session {
    /// Looks for people; an empty list is an answer.
    func search(_ query: DirectoryQuery) async throws(Problem) -> [PersonResource] {
        try requireLive()
        guard case .people(let people) = try await reach(.search(query), or: "The server refused the search.") else {
            throw Problem(.backendError, "The directory has more such people than the gateway takes; ask for fewer.")
        }
        return people.map(PersonResource.init)
    }

    /// Has the server invite somebody by mail, in the account's language and under its display name.
    func invite(_ recipient: Handle, text: MessageText?, _ act: IdempotencyTicket?) async throws(Problem) {
        try requireLive()
        if text != nil, let dialect, dialect < .msnp5 {
            throw Problem(
                .serviceUnavailableInDialect,
                "Texts of invitations came with MSNP5; this session speaks \(dialect.name).")
        }
        let (name, account, language) = state.withLock { state in
            (state.record.displayName, state.record.account, state.record.profile?.languagePreference)
        }
        // A name or a handle that a server made up need not be one that can be sent.
        guard let sender = (try? DisplayName(validating: name)) ?? (try? DisplayName(validating: account)) else {
            throw Problem(.displayNameRefused, "The display name can't be sent to the server.")
        }
        let invitation = MailInvitation(to: recipient, language: language, from: sender, text: text)
        try await begin(act)
        _ = try await reach(.invite(invitation), or: "The server refused the invitation.")
    }

    /// Sends a page to a contact's mobile device.
    ///
    /// The server does not say that it has taken one: without a refusal for `FlowTimeouts.pageRefusal` it counts as sent.
    func page(_ account: Handle, _ page: Page, _ act: IdempotencyTicket?) async throws(Problem) -> PageResource {
        try requireLive()
        if let dialect, dialect < .msnp5 {
            throw Problem(
                .serviceUnavailableInDialect, "Pages came with MSNP5; this session speaks \(dialect.name).")
        }
        let recipient = try recipient(account)
        try await begin(act)
        switch try await reach(.page(recipient, page), or: "The server refused the page.") {
        case .paged(let id):
            let page = SentPage(id: id, recipient: recipient)
            return state.withLock { $0.record.resource(of: page) }
        case .undelivered(let code):
            let number = code.map { " It gave the code \($0)." } ?? ""
            var problem = Problem(.backendError, "The paging service could not deliver the page.\(number)")
            problem.mayHaveActed = true
            throw problem
        case .people, .tooManyPeople, .invited: preconditionFailure("a page is answered as a page")
        }
    }

    /// A contact that takes pages, in the server's spelling (docs/protocol.md#pages).
    private func recipient(_ account: Handle) throws(Problem) -> Handle {
        let (contact, isOnline) = state.withLock { state in
            (state.record.roster.contact(account.spelling), state.record.state == .online)
        }
        // Before the lists are there nothing is known of anybody, and after a loss nothing can be sent.
        guard isOnline, !backend.forbiddenCommands.contains("PAG") else { return account }
        guard let contact, contact.lists.contains(.forward) else {
            throw Problem(.contactNotFound, "Pages go to people on the forward list; that account is not on it.")
        }
        guard contact.phones.mobileMessaging == true else {
            throw Problem(.serviceUnavailable, "The contact takes no pages: mobileMessaging is not true.")
        }
        return account.spelled(as: contact)
    }

    private func reach(
        _ wish: OutreachRequest, or refusal: String
    ) async throws(Problem) -> OutreachReply {
        let request = SessionRequest.outreach(wish)
        do throws(RequestFailure) {
            guard case .outreach(let reply) = try await ask(request) else {
                preconditionFailure("an outreach request is answered as one")
            }
            return reply
        } catch {
            // A search can be repeated; a mail or a page that may have gone out is not to go out again unasked.
            var problem =
                error == .interrupted && wish.isDoneOnce
                ? Problem(.outcomeUnknown, "The connection was lost before the server answered.")
                : self.problem(error) { code in
                    let isUnwanted = code == 220
                    // The dialect decides between SDC and SND.
                    let command = if case .refused(_, let command) = error { command } else { request.command }
                    return Problem(
                        isUnwanted ? .serviceUnavailable : .backendError,
                        isUnwanted ? "The server does not let the contact be paged." : refusal, code, command: command)
                }
            problem.mayHaveActed = wish.isDoneOnce && error.wasSent
            throw problem
        }
    }
}

/// A page that was sent.
struct PageResource: JSONObject, Sendable, Equatable {
    /// Names it in `page.failed`; opaque, and the session's own.
    let id: String
    let to: String

    /// - Parameter client: which of the session's clients has sent it, as each of them counts its own.
    init(_ page: SentPage, sentBy client: UInt64) {
        id = client == 0 ? String(page.id.rawValue) : "\(client).\(page.id.rawValue)"
        to = page.recipient.spelling
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("to", to)
    }
}
