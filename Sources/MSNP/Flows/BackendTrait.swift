/// What a session learns of its backend, for all sessions with it in this process.
package enum BackendTrait: Hashable, Sendable {
    case keepalive(KeepaliveTrait)
    /// The backend has answered the command, with success or an error.
    case answers(command: String)
    /// The backend closed on the command, as some do on commands that they don't know (docs/protocol.md#servers-differ).
    case closes(onCommand: String)
    /// Whether the backend has answered a message on a switchboard in time.
    case answersMessages(Bool)
}
