extension NotificationFlow {
    /// Records a list version that the server has sent with a change.
    ///
    /// A step of one means that we have seen every change. Any other step means that we have missed one, and the next
    /// sign-in asks for everything (docs/protocol.md#list-version).
    mutating func note(version: UInt32) {
        guard knownVersion != 0, version != knownVersion else { return }
        if version == knownVersion &+ 1 { knownVersion = version } else { distrustVersion() }
    }

    /// Records the outcome of a request: the error, or nil for no outcome that we know of.
    ///
    /// An edit without an outcome may have happened or not. An edit that the server finds done, or impossible, shows
    /// that our lists differ from its own.
    mutating func noteOutcome(of request: SessionRequest, _ refusal: ErrorCode?) {
        if refusal == nil { settings.forget(request) }
        guard request.changesLists else { return }
        if let refusal, !Self.contradictions.contains(refusal), request.settled(by: refusal) == nil { return }
        distrustVersion()
    }

    /// The next sign-in asks for everything.
    mutating func distrustVersion() { knownVersion = 0 }

    /// On a list already, not on it, already in the opposite mode, on the opposite list (docs/protocol.md#error-table).
    private static let contradictions: Set<ErrorCode> = [215, 216, 218, 219]
}
