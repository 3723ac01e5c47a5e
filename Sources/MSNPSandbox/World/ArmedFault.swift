/// A fault that waits for its occasion, for one account or for anybody.
struct ArmedFault: Sendable {
    private var anybody = 0
    private var accounts: [AccountID: Int] = [:]

    /// Replaces what was ordered before for the same account, or for anybody.
    mutating func arm(_ account: AccountID?, count: Int) {
        if let account {
            accounts[account] = count
        } else {
            anybody = count
        }
    }

    /// Whether the fault strikes now; `account` is nil for an account that isn't there.
    mutating func strikes(_ account: AccountID?) -> Bool {
        if let account, let left = accounts[account] {
            accounts[account] = left > 1 ? left - 1 : nil
            return true
        }
        guard anybody > 0 else { return false }
        anybody -= 1
        return true
    }
}
