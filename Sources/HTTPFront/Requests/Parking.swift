/// A wait for an answer, and the ways it can end.
///
/// Exactly one of these ends it: the first `ParkedRequest.answer`, `released`, or `abandoned`. All three closures run on
/// the loop's thread, under the rules of `RequestHandler`.
package struct Parking: Sendable {
    /// After this long `released` is asked for the answer.
    package let timeout: Duration
    /// Called once, when the wait has begun; may answer at once.
    ///
    /// Not called while the server drains: then `released` is asked at once.
    package let began: @Sendable (ParkedRequest) -> Void
    /// The answer of a wait that the server ends.
    package let released: @Sendable (ParkedRelease) -> Response
    /// Called at most once, when the client has left before there was an answer.
    ///
    /// A client that closes only its sending half counts as gone: it can't be told apart from one that left, and
    /// HTTP clients keep both halves open while they wait.
    package let abandoned: @Sendable () -> Void

    package init(
        timeout: Duration, began: @escaping @Sendable (ParkedRequest) -> Void,
        released: @escaping @Sendable (ParkedRelease) -> Response, abandoned: @escaping @Sendable () -> Void = {}
    ) {
        self.timeout = timeout
        self.began = began
        self.released = released
        self.abandoned = abandoned
    }
}
