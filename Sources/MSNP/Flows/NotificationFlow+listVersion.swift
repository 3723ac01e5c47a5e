extension NotificationFlow {
    /// Takes note of a list version that the server has told with a change.
    ///
    /// One step at a time we have seen every change. Any other step means that something passed us by, and the next
    /// sign-in asks for everything (protocol.md 4.4).
    mutating func note(version: UInt32) {
        guard knownVersion != 0, version != knownVersion else { return }
        if version == knownVersion &+ 1 { knownVersion = version } else { distrustVersion() }
    }

    /// Takes note of what became of a request: nil for nothing that we would know of.
    ///
    /// An edit without an outcome may or may not have happened, and one that the server finds done, or impossible, shows
    /// that our lists are not its own.
    mutating func noteOutcome(of request: SessionRequest, _ refusal: ErrorCode?) {
        if refusal == nil { settings.forget(request) }
        guard request.changesLists else { return }
        if let refusal, !Self.contradictions.contains(refusal), request.settled(by: refusal) == nil { return }
        distrustVersion()
    }

    /// The next sign-in asks for everything.
    mutating func distrustVersion() { knownVersion = 0 }

    /// On a list already, not on it, already in the opposite mode, on the opposite list (protocol.md 17.2).
    private static let contradictions: Set<ErrorCode> = [215, 216, 218, 219]
}

extension SessionRequest {
    /// Whether the server counts the list version on for it (protocol.md 4.4).
    fileprivate var changesLists: Bool {
        switch self {
        case .setPresence, .service, .transfer, .outreach: false
        case .rename, .add, .remove, .renameContact, .setPrivacy, .setAddPrompt, .setPhone: true
        }
    }
}
