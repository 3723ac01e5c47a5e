/// One thing that the doctor looks at.
///
/// It runs by itself, and what it has seen becomes results by a function of values alone.
package protocol Check: Sendable {
    /// Looks, and says what it came to: one result for each thing that it looked at.
    ///
    /// It takes from the visit what earlier checks have found out, and leaves there what later ones want to know.
    func run(_ visit: inout Visit) async -> [CheckResult]
}

/// What the checks of one run hand on to each other.
package struct Visit: Sendable {
    /// How the URL stands.
    package enum Standing: Equatable, Sendable {
        /// Nobody has asked there, or there is no URL; why.
        case closed(String)
        /// The gateway answers.
        ///
        /// - isVerified: whether the connection is one over which secrets may go.
        case open(isVerified: Bool)
    }

    /// Backends that something is wrong with, by their names: what fails behind them is no other finding.
    package var faultyBackends: Set<String> = []
    /// How the URL stands.
    package var standing = Standing.closed("there is no URL; name it behind the command")
    /// What the gateway says of signing in (`GET /v1`): `open` or `key`; nil before it has.
    package var signIn: String?
    /// An answer of the gateway, for its clock; nil before there is one.
    package var first: HTTPAnswer?
    /// Who may read events through the URL; nil with the reason in `unread`.
    package var reader: EventReader?
    /// Why nobody may.
    package var unread = "there is neither an API key (--key-file) nor a test account (--account)"
    package let leftovers: Leftovers

    package init(_ leftovers: Leftovers = Leftovers()) { self.leftovers = leftovers }
}
