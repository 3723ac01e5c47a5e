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

/// Collects the lines that answer one search (docs/protocol.md#directory).
struct DirectorySearch: Equatable, Sendable {
    enum Progress: Equatable {
        case advanced
        case complete([DirectoryEntry])
        /// More than is kept.
        case tooMany
    }

    /// People whom one search may find.
    ///
    /// No document gives a limit, servers give up with 301, and nobody reads that many.
    static let mostEntries = 1_000
    /// Bytes of all entries together: the most people with a quarter of a kilobyte each.
    static let mostBytes = mostEntries * 256

    private var entries: [DirectoryEntry] = []
    private var bytes = 0

    /// Takes line `index` of `count`; `0 0` is the answer that finds nobody.
    mutating func receive(index: UInt32, of count: UInt32, _ entry: DirectoryEntry?) -> Progress {
        guard let entry else { return .complete(entries) }
        bytes += entry.size
        guard entries.count < Self.mostEntries, bytes <= Self.mostBytes else { return .tooMany }
        entries.append(entry)
        // Complete by the number, or by the count for a server that begins at 0.
        return index >= count || entries.count >= count ? .complete(entries) : .advanced
    }
}

extension DirectoryEntry {
    fileprivate var size: Int {
        [firstName, lastName, city, state, country].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    }
}

/// The last pages sent, by the ID of their command: their outcome may arrive long after
/// (docs/protocol.md#pages, #incoming-pages).
///
/// Each connection counts its commands anew, and a failure may arrive on another connection than the page was sent on.
/// So an ID that is remembered here is given to no other page.
struct SentPages: Equatable, Sendable {
    private struct Entry: Equatable, Sendable {
        let transaction: TransactionID
        let page: SentPage
        var isOfThisConnection = true
    }

    /// Pages remembered: more than anybody sends in the hours for which paging services try.
    static let most = 256

    /// The oldest first.
    private var entries: [Entry] = []

    func contains(_ transaction: TransactionID) -> Bool { entries.contains { $0.transaction == transaction } }

    mutating func append(_ page: SentPage, as transaction: TransactionID) {
        if entries.count == Self.most { entries.removeFirst() }
        entries.append(Entry(transaction: transaction, page: page))
    }

    /// A new connection begins to count.
    mutating func beginConnection() {
        for index in entries.indices { entries[index].isOfThisConnection = false }
    }

    /// Gives up the page of a command, on whichever connection it was sent.
    mutating func take(_ transaction: TransactionID) -> SentPage? {
        guard let index = entries.firstIndex(where: { $0.transaction == transaction }) else { return nil }
        return entries.remove(at: index).page
    }

    /// Gives up the page that an error answers, which can only be one of this connection.
    mutating func takeRefused(_ transaction: TransactionID) -> SentPage? {
        guard entries.contains(where: { $0.transaction == transaction && $0.isOfThisConnection }) else { return nil }
        return take(transaction)
    }
}
