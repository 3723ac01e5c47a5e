/// Who calls, by the credentials of the request.
enum Caller: Sendable {
    /// Without credentials.
    case nobody
    /// The token of one session, which opens that one.
    case session(Session)
    case key(APIKeyRecord)

    /// Whose the sessions are that the caller opens.
    var owner: Owner {
        switch self {
        case .nobody, .session: .anonymous
        case .key(let key): key.owner
        }
    }
}
