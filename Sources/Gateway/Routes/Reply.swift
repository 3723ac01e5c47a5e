import HTTPFront

/// A parked request and how its answers are finished (problem documents, request ID, caching); the first answer counts.
struct Reply: Sendable {
    private let request: ParkedRequest
    private let finish: @Sendable (Result<Response, Problem>) -> Response

    init(_ request: ParkedRequest, finish: @escaping @Sendable (Result<Response, Problem>) -> Response) {
        self.request = request
        self.finish = finish
    }

    /// From any thread; false when the caller has left or was answered already.
    @discardableResult
    func answer(_ result: Result<Response, Problem>) -> Bool { request.answer(finish(result)) }

    @discardableResult
    func answer(_ response: Response) -> Bool { answer(.success(response)) }

    @discardableResult
    func answer(_ problem: Problem) -> Bool { answer(.failure(problem)) }
}
