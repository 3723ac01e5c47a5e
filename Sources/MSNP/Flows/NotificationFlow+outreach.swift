/// The directory, invitations by mail, pages and alerts (docs/protocol.md#outreach).
extension NotificationFlow {
    /// The ID for a request's command.
    mutating func nextTransaction(for request: SessionRequest) -> TransactionID {
        var transaction = counter.next()
        guard case .outreach(.page) = request else { return transaction }
        // The failure of a page may arrive on the next connection, so its ID has to be unique there too.
        while sentPages.contains(transaction) { transaction = counter.next() }
        return transaction
    }

    /// Remembers a page, because its failure may arrive long after.
    mutating func rememberPage(_ id: RequestID, _ request: SessionRequest, _ transaction: TransactionID) {
        guard case .outreach(.page(let recipient, _)) = request else { return }
        sentPages.append(SentPage(id: id, recipient: recipient), as: transaction)
    }

    /// The server answered, and not with an error.
    mutating func answered(
        _ transaction: TransactionID, _ id: RequestID, _ request: OutreachRequest, _ command: ServerCommand
    ) -> [FlowAction] {
        switch (request, command) {
        case (.search, .found(_, let index, let count, let entry)):
            switch searches[transaction, default: DirectorySearch()].receive(index: index, of: count, entry) {
            case .advanced: return []
            case .complete(let people): return finish(transaction, id, .success(.outreach(.people(people))))
            case .tooMany: return finish(transaction, id, .success(.outreach(.tooManyPeople)))
            }
        case (.invite, .invitationSent), (.sendMail, .mailSent):
            return finish(transaction, id, .success(.outreach(.invited)))
        case (.search, _), (.invite, _), (.sendMail, _), (.page, _): return handleUnsolicited(command)
        }
    }

    /// What it means that no answer came in time.
    func outcomeOfSilence(_ id: RequestID, _ request: SessionRequest) -> Result<RequestReply, RequestFailure> {
        // A page has no other positive answer (docs/protocol.md#pages).
        if case .outreach(.page) = request { return .success(.outreach(.paged(id))) }
        return .failure(.timedOut(command: request.command))
    }

    /// Handles `NOT`.
    ///
    /// A payload that can't be read is ignored; the connection stays (docs/protocol.md#alerts).
    func alerted(_ payload: [UInt8]) -> [FlowAction] {
        [.emit(NotificationDocument(parsing: payload).map(SessionEvent.alert) ?? .ignored(command: "NOT"))]
    }

    /// `IPG`: a page for us, or the failure of one of ours.
    mutating func paged(_ payload: [UInt8]) -> [FlowAction] {
        guard let document = NotificationDocument(parsing: payload) else { return [.emit(.ignored(command: "IPG"))] }
        switch IncomingPage(document) {
        case .message(let sender, let text): return [.emit(.page(from: sender, text: Redacted(text)))]
        case .failed(let transaction, let code):
            guard let page = sentPages.take(transaction) else {
                // The page is not remembered, but the text is for the person.
                guard !document.text.isEmpty else { return [.emit(.ignored(command: "IPG"))] }
                return [.emit(.page(from: document.sender, text: Redacted(document.text)))]
            }
            if case .request(page.id, .outreach(.page)) = pending[transaction] {
                return finish(transaction, page.id, .success(.outreach(.undelivered(code: code))))
            }
            return learnAnswered(OptionalCommand.page.rawValue) + [.emit(.pageFailed(page, .undelivered(code: code)))]
        }
    }

    /// An error came that no request waits for: a page that counted as sent was refused after all.
    mutating func refusedLate(_ code: ErrorCode, _ transaction: TransactionID?) -> [FlowAction] {
        guard let transaction, let page = sentPages.takeRefused(transaction) else { return [] }
        return learnAnswered(OptionalCommand.page.rawValue) + [.emit(.pageFailed(page, .refused(code)))]
    }
}
