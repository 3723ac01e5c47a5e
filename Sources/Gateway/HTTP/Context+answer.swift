import HTTPFront

extension Context {
    /// Has an endpoint's answer finished, whenever it comes, and counted once.
    func finish(_ answer: Answer) -> Answer {
        switch answer {
        case .now(let response): return .now(finishLast(.success(response)))
        case .park(let request):
            request.finish = { self.finishLast($0.withProblem) }
            request.left = { self.count(RouteMeter.abandoned) }
            return answer
        case .stream(var streaming):
            streaming.response = finish(.success(streaming.response), opens: head?.isMethod("HEAD") == false)
            let began = streaming.began
            let status = streaming.response.status
            streaming.began = {
                began($0)
                self.count(status)
            }
            streaming.refused = { self.finishLast(.failure(SignInService.shuttingDown)) }
            return .stream(streaming)
        }
    }
}
