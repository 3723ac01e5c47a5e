/// What a backend was seen to do on `PNG`.
package enum KeepaliveTrait: Hashable, Sendable {
    /// It has answered a ping in this process, so silence means death.
    case answersPing
    /// It closed on a ping, so it is sent no more.
    case closesOnPing
    /// It did not answer a ping although other traffic came, so it is sent no more.
    case ignoresPing
}
