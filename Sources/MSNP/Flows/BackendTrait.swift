/// What a session learns of its backend, for all sessions with it in this process.
package enum BackendTrait: Hashable, Sendable {
    case keepalive(KeepaliveTrait)
    /// It has answered the command, be it with an error.
    case answers(command: String)
    /// It closed on the command, as some servers do on those that they don't know (protocol.md 21.1).
    case closes(onCommand: String)
    /// It has answered a message on a switchboard, or let the time for it pass.
    case answersMessages(Bool)
}
