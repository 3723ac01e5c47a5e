import MSNP

/// A signed-in connection.
struct Session: Sendable {
    let account: AccountID
    let dialect: Dialect
    /// Challenges that wait for their answer, oldest first.
    var challenges: [String] = []
    /// How many people the last search found: invitations name them by number.
    var found = 0
    /// Pages that are on their way.
    var pages = 0
}
