import Encodings
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

/// The people on one list, in the order in which they came.
package struct Members: Equatable, Sendable {
    /// When each came: a list is edited by the hundred and read in order once for each synchronisation.
    private var arrivals: [AccountID: UInt32] = [:]
    private var next: UInt32 = 0

    /// How many people there are.
    package var count: Int { arrivals.count }

    /// In no order.
    package var all: some Collection<AccountID> { arrivals.keys }

    /// Oldest first.
    package var ordered: [AccountID] {
        arrivals.sorted { $0.value < $1.value }.map(\.key)
    }

    /// Whether somebody is on it.
    package func contains(_ account: AccountID) -> Bool { arrivals[account] != nil }

    mutating func insert(_ account: AccountID) {
        guard arrivals[account] == nil else { return }
        arrivals[account] = next
        next &+= 1
    }

    mutating func remove(_ account: AccountID) { arrivals[account] = nil }
}

/// The two halves of the Passport ID in a profile (docs/protocol.md#profile).
struct MemberID: Equatable, Sendable, CustomStringConvertible {
    /// The same for all, as for accounts made in one go.
    let high: Int32 = 85_040
    /// Half of these are negative, as real ones were.
    let low: Int32

    init(account index: Int) {
        // An odd factor gives each account its own number.
        low = Int32(bitPattern: UInt32(truncatingIfNeeded: index + 1) &* 2_654_435_761)
    }

    /// As notifications spell it: `0x00014c30:0xe12ebd4d`.
    var description: String { "\(Self.hexadecimal(high)):\(Self.hexadecimal(low))" }

    private static func hexadecimal(_ half: Int32) -> String {
        "0x" + Hexadecimal.padded(UInt32(bitPattern: half), to: 8)
    }
}
