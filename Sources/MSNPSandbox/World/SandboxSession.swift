import MSNP

/// A signed-in connection.
struct SandboxSession: Sendable {
    let account: SandboxAccountID
    let dialect: Dialect
    /// Challenges that wait for their answer, oldest first.
    var challenges: [String] = []
}
