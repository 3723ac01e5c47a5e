/// Who tries to sign in.
enum SignInSource: Hashable, Sendable {
    /// Without an API key.
    case network(ClientNetwork)
    /// With the API key of that ID, from wherever: many people stand behind the server that has it.
    case key(id: String)
}
