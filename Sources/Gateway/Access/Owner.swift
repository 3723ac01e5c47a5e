/// Who opened a session; callers without a key are one owner.
enum Owner: Hashable, Sendable {
    case anonymous
    /// The ID of an API key, and not its name, which another key may have after it.
    case key(id: String)
}
