/// Who opened a session; callers without a key are one owner.
enum Owner: Hashable, Sendable {
    case anonymous
    /// The name of an API key.
    case key(String)
}
