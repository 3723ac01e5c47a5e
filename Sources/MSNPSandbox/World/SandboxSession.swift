import MSNP

/// A signed-in connection.
struct SandboxSession: Sendable {
    enum Stall: Sendable {
        /// This many commands are swallowed.
        case commands(Int)
        /// Commands are swallowed and nothing is sent.
        case everything
    }

    let account: SandboxAccountID
    let dialect: Dialect
    /// Challenges that wait for their answer, oldest first.
    var challenges: [String] = []
    var stall: Stall?
}
