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
