/// A request that reaches people who are not there (docs/protocol.md#directory, #mail-invitations, #pages).
package enum OutreachRequest: Equatable, Sendable {
    /// `FND`
    case search(DirectoryQuery)
    /// `SDC`, which the flow turns into `sendMail` in a dialect that has no `SDC`.
    case invite(MailInvitation)
    /// `SND`: below MSNP5, and without a text; the parameters behind the recipient are the dialect's.
    case sendMail(recipient: String, [String])
    /// `PAG`; MSNP5 and later. Silence is its success.
    case page(Handle, Page)

    /// The command that carries the request.
    package var command: String {
        switch self {
        case .search: ClientCommand.FND.name
        case .invite: ClientCommand.SDC.name
        case .sendMail: ClientCommand.SND.name
        case .page: ClientCommand.PAG.name
        }
    }

    /// Whether doing it twice differs from doing it once, because it reaches other people.
    package var isDoneOnce: Bool {
        if case .search = self { false } else { true }
    }

    /// The request as a dialect has it (docs/protocol.md#dialects).
    func adapted(to dialect: Dialect) -> OutreachRequest {
        guard case .invite(let invitation) = self, dialect < .msnp5 else { return self }
        return .sendMail(recipient: invitation.recipient, invitation.plainParameters(in: dialect))
    }

    /// What is sent.
    func command(numbered transaction: TransactionID) -> ClientCommand {
        switch self {
        case .search(let query): .search(transaction, query)
        case .invite(let invitation): .inviteByMail(transaction, invitation)
        case .sendMail(let recipient, let rest): .sendMail(transaction, recipient: recipient, rest)
        case .page(let handle, let page): .page(transaction, handle: handle.spelling, Redacted(page.payload))
        }
    }
}

/// What an `OutreachRequest` brought.
package enum OutreachReply: Equatable, Sendable {
    /// The people found; perhaps none.
    case people([DirectoryEntry])
    /// The directory has more than is kept.
    case tooManyPeople
    /// The server sends the mail.
    case invited
    /// The server has not refused the page; a failure may still follow, as `SessionEvent.pageFailed` under this number.
    case paged(RequestID)
    /// The server took the page and told at once that it did not arrive; the code is the paging service's own.
    case undelivered(code: UInt32?)
}

/// A page that was sent.
package struct SentPage: Equatable, Sendable {
    /// The number of the request that sent it.
    package let id: RequestID
    package let recipient: Handle

    package init(id: RequestID, recipient: Handle) {
        self.id = id
        self.recipient = recipient
    }
}

/// Why a page that counted as sent did not arrive.
package enum PageFailure: Equatable, Sendable {
    /// The server's error, which came late.
    case refused(ErrorCode)
    /// The paging service's word, with a code of its own if it gave one.
    case undelivered(code: UInt32?)
}
