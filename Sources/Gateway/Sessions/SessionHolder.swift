/// Whose sessions count together: those of an API key, or those that one client has opened without.
enum SessionHolder: Hashable, Sendable {
    case key(id: String)
    case network(ClientNetwork)

    init(_ session: Session) { self.init(session.owner, session.openedFrom.network) }

    init(_ owner: Owner, _ network: ClientNetwork) {
        switch owner {
        case .anonymous: self = .network(network)
        case .key(let id): self = .key(id: id)
        }
    }

    var isAnonymous: Bool { if case .network = self { true } else { false } }
}
