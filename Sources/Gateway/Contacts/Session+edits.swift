import Locking
import MSNP
import MSNPClient

extension Session {
    /// What an edit of a contact came to.
    struct EditedContact: Sendable {
        /// Nil when it is on no list any more.
        let contact: ContactResource?
        /// Whether it was on the forward list before.
        let wasForward: Bool
    }

    /// How many more changes of its contacts and settings may wait, for whoever calls about it.
    static let changeLimit: @Sendable (Endpoint.Limited) -> ServiceLimit? = { $0.session?.edits.limit }

    /// Whether the account is the session's own.
    func isOwn(_ account: Handle) -> Bool {
        accountKey == account.folded || state.withLock { account.matches(spelling: $0.record.account) }
    }

    /// Carries out what somebody wants of a contact; throws `Problem`.
    func edit(_ intent: ContactEdit.Intent, of account: Handle) async throws(Problem) -> EditedContact {
        try await edits.inTurn(on: owed.executor) { () throws(Problem) in try await self.carryOut(intent, account) }
    }

    /// Sets what applies to people on no list, and whether to ask before people who add us may see us.
    func setPrivacy(_ mode: PrivacyMode, _ prompt: AddPrompt) async throws(Problem) -> PrivacyResource {
        try await edits.inTurn(on: owed.executor) { () throws(Problem) in
            try self.requireOnline()
            let roster = self.state.withLock { $0.record.roster }
            let forbidden = self.backend.forbiddenCommands
            // A setting that is as wanted needs no command of a backend that does not take it.
            let requests = [
                (SessionRequest.setPrivacy(mode), roster.privacy == mode),
                (.setAddPrompt(prompt), roster.addPrompt == prompt),
            ]
            .filter { !$1 || !forbidden.contains($0.command) }.map(\.0)
            try self.requireSupport(of: requests.map(\.command))
            for request in requests {
                _ = try await self.request(request) { code in
                    Problem(.backendError, "The server refused the setting.", code, command: request.command)
                }
            }
            return self.privacy
        }
    }

    /// Sets phone properties, in the order given; answers what the server keeps now.
    func setPhones(_ edits: [PhoneEdit]) async throws(Problem) -> PhonesResource {
        try await self.edits.inTurn(on: owed.executor) { () throws(Problem) in
            try self.requireOnline()
            _ = try self.phones()
            for edit in edits {
                _ = try await self.request(.setPhone(edit)) { code in
                    Problem(.backendError, "The server refused the phone number.", code, command: "PRP")
                }
            }
            return try self.phones()
        }
    }

    private func carryOut(
        _ intent: ContactEdit.Intent, _ account: Handle
    ) async throws(Problem) -> EditedContact {
        try requireOnline()
        let known = state.withLock { $0.record.roster.contact(account.spelling) }
        var edit = ContactEdit(
            intent, of: account.spelled(as: known),
            knownAs: known.flatMap { try? DisplayName(validating: $0.displayName) })
        try requireSupport(of: edit.commands(known?.lists ?? []))
        while true {
            switch edit.next(lists(of: account)) {
            case .done:
                return EditedContact(
                    contact: contact(account.spelling), wasForward: known?.lists.contains(.forward) ?? false)
            case .failed(let failure):
                throw problem(failure) { code in Self.problem(of: code, failure.command) }
            case .ask(let request):
                let result: Result<RequestReply, RequestFailure>
                do throws(RequestFailure) {
                    result = .success(try await ask(request))
                } catch {
                    result = .failure(error)
                }
                edit.take(result, lists(of: account))
            }
        }
    }

    /// Throws 501 before the first of several commands if the backend is known not to take one of them: half a change
    /// helps nobody.
    private func requireSupport(of commands: [String]) throws(Problem) {
        let forbidden = backend.forbiddenCommands
        if let command = commands.first(where: forbidden.contains) {
            throw problem(.notSupported(command: command)) { code in Self.problem(of: code, command) }
        }
    }

    private func lists(of account: Handle) -> ListMembership {
        state.withLock { $0.record.roster.contact(account.spelling)?.lists ?? [] }
    }

    /// What a refusal of `ADD`, `REM` or `REA` means (docs/protocol.md#editing).
    private static func problem(of code: ErrorCode, _ command: String) -> Problem {
        switch code {
        case 201, 205, 208:
            return Problem(.contactNotFound, "The server knows no such account.", code, command: command)
        case 216:
            return Problem(.contactNotFound, "That account is on none of the lists.", code, command: command)
        case 209:
            return Problem(
                .displayNameRefused, "The server does not allow that name for the contact.", code, command: command)
        case 210: return Problem(.listFull, "The server's list has no room for another.", code, command: command)
        default: return Problem(.backendError, "The server refused the change.", code, command: command)
        }
    }

    // MARK: - Letting people in without asking

    /// Puts those who wait on the allow list, one turn each, so that other edits come in between.
    func letIn() {
        guard edits.beginLettingIn() else { return }
        // Not on the session's loop, as its edits are: a server may list thousands whom nobody can let in, of whom none makes the
        // task wait.
        Task {
            while let contact = self.nextToLetIn() {
                do throws(Problem) {
                    let account = try Self.account(contact)
                    _ = try await self.edits.inTurn(on: self.owed.executor, isBounded: false) { () throws(Problem) in
                        try await self.carryOut(.acceptPending, account)
                    }
                } catch {
                    // Whoever was not refused is tried again when the session is back.
                    guard error.code != .reconnecting, error.code != .sessionEnded else { continue }
                    let clock = self.environment.clock
                    self.change { $0.couldNotLetIn(contact.account, at: clock.now, uptime: clock.uptime()) }
                }
            }
        }
    }

    /// The next to let in; nil when nobody is left, and then nobody lets people in any more.
    private func nextToLetIn() -> Contact? {
        while true {
            let (contact, isOver) = state.withLock { state in
                let contact = state.record.nextToLetIn()
                return (contact, contact == nil && !state.record.mayLetIn)
            }
            if let contact { return contact }
            guard isOver else { continue }
            edits.endLettingIn()
            // Whoever came between the look and the end has started nobody.
            guard state.withLock({ $0.record.mayLetIn }), edits.beginLettingIn() else { return nil }
        }
    }

    private static func account(_ contact: Contact) throws(Problem) -> Handle {
        do {
            return try Handle(validating: contact.account)
        } catch {
            throw Problem(.contactNotFound, "The account's name can't be sent to the server.")
        }
    }
}
