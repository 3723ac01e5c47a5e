import HTTPFront

extension Context {
    /// Has an endpoint's answer finished, whenever it comes, and counted once.
    func finish(_ answer: Answer) -> Answer {
        switch answer {
        case .now(let response): return .now(finishLast(.success(response)))
        case .park(let request):
            request.finish = { finishLast($0.withProblem) }
            let abandoned = request.abandoned
            request.abandoned = {
                count(RouteMeter.abandoned)
                abandoned()
            }
            return answer
        case .stream(var streaming):
            streaming.response = finish(.success(streaming.response))
            let began = streaming.began
            let status = streaming.response.status
            streaming.began = {
                began($0)
                count(status)
            }
            streaming.refused = { finishLast(.failure(SignInService.shuttingDown)) }
            return .stream(streaming)
        }
    }
}
