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
