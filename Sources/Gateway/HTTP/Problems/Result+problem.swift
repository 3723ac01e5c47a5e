import HTTPFront

extension Result where Success == Response, Failure == any Error {
    /// The same with a `Problem` for its error, which it always is here; an internal error stands for any other.
    var withProblem: Result<Response, Problem> {
        mapError { $0 as? Problem ?? Problem(.internalError, "An answer failed: \(type(of: $0))") }
    }
}
