/// What a gateway says of itself (`GET /v1`).
public struct Entry: Decodable, Equatable, Sendable {
    public let name: String
    public let version: String
    /// The names that `SignIn.backend` takes.
    public let backends: [String]
    public let defaultBackend: String
    public let signIn: Word<Rule>

    /// Who may sign in.
    public enum Rule: String, Sendable, CaseIterable {
        /// Whoever calls.
        case open
        /// Whoever has an API key.
        case key
    }
}
