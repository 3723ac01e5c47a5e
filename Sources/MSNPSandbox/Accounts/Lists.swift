package import MSNP

/// The four lists of one account (docs/protocol.md#four-lists) and the names that its owner keeps for the people on them.
package struct Lists: Equatable, Sendable {
    private var forward = Members()
    private var allow = Members()
    private var block = Members()
    private var reverse = Members()
    /// One name for each person, whatever lists they are on (docs/protocol.md#names).
    private var names: [AccountID: String] = [:]

    /// The people on one of the lists.
    package subscript(list: ListName) -> Members {
        switch list {
        case .forward: forward
        case .allow: allow
        case .block: block
        case .reverse: reverse
        }
    }

    /// The name kept for somebody on any of the lists; nil for a stranger.
    package func name(of account: AccountID) -> String? { names[account] }

    mutating func insert(_ account: AccountID, into list: ListName, name: String) {
        edit(list) { $0.insert(account) }
        names[account] = name
    }

    mutating func remove(_ account: AccountID, from list: ListName) {
        edit(list) { $0.remove(account) }
        if !ListName.allCases.contains(where: { self[$0].contains(account) }) { names[account] = nil }
    }

    mutating func rename(_ account: AccountID, to name: String) { names[account] = name }

    private mutating func edit(_ list: ListName, _ change: (inout Members) -> Void) {
        switch list {
        case .forward: change(&forward)
        case .allow: change(&allow)
        case .block: change(&block)
        case .reverse: change(&reverse)
        }
    }
}
