/// How a backend was seen to take `PNG`.
package enum KeepaliveTrait: Hashable, Sendable {
    /// It has answered one in this process, so silence means death.
    case answersPing
    /// It closed on one, so it gets no more.
    case closesOnPing
    /// It left one unanswered although other traffic came, so it gets no more either.
    case ignoresPing
}
