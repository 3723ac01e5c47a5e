import HTTPFront

/// A parked request and how its answers are finished (problem documents, request ID, caching); the first answer counts.
struct Reply: Sendable {
    private let request: ParkedRequest
    private let finish: @Sendable (Result<Response, Problem>) -> Response
    /// Told of each answer, also of one that comes too late for the caller.
    private var record: (@Sendable (Result<Response, Problem>) -> Void)?

    /// Told of the status of the answer that is sent.
    private let answered: @Sendable (Int) -> Void

    init(
        _ request: ParkedRequest, answered: @escaping @Sendable (Int) -> Void = { _ in },
        finish: @escaping @Sendable (Result<Response, Problem>) -> Response
    ) {
        self.request = request
        self.answered = answered
        self.finish = finish
    }

    /// The same, with `record` told of each answer.
    func recorded(_ record: @escaping @Sendable (Result<Response, Problem>) -> Void) -> Reply {
        var reply = self
        reply.record = record
        return reply
    }

    /// From any thread; false when the caller has left or was answered already.
    @discardableResult
    func answer(_ result: Result<Response, Problem>) -> Bool {
        answer(result) { request, response in request.answer(response) }
    }

    fileprivate func answer(
        _ result: Result<Response, Problem>, _ give: (ParkedRequest, Response) -> Bool
    ) -> Bool {
        // First: whoever has the answer may ask again at once.
        record?(result)
        let response = finish(result)
        guard give(request, response) else { return false }
        answered(response.status)
        return true
    }

    @discardableResult
    func answer(_ response: Response) -> Bool { answer(.success(response)) }

    @discardableResult
    func answer(_ problem: Problem) -> Bool { answer(.failure(problem)) }
}

extension Deliveries {
    /// As `Reply.answer`, to be delivered with the others.
    @discardableResult
    mutating func answer(_ reply: Reply, with result: Result<Response, Problem>) -> Bool {
        reply.answer(result) { request, response in answer(request, with: response) }
    }
}
