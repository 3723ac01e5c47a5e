import HTTPFront
import MSNPClient

extension Answer {
    /// The same, with what comes of it told to the ticket, whether the caller is still there or not.
    ///
    /// A caller that leaves doesn't end the work: it may come again and ask what became of it. Where the work counts on
    /// being released when its time is up, that is done for the caller that has left.
    func recorded(by ticket: IdempotencyTicket, on loop: any SessionLoop) -> Answer {
        switch self {
        case .now(let response): ticket.finish(.success(response))
        case .park(let request):
            let (timeout, released) = (request.timeout, request.released)
            request.heard = { ticket.finish($0.withProblem) }
            request.released = { reason in
                let result = released(reason)
                ticket.finish(Self.unknown(result.withProblem))
                return result
            }
            request.abandoned = {
                loop.after(timeout) { ticket.finish(Self.unknown(released(.timedOut).withProblem)) }
            }
        case .stream:
            // What goes on and on is no answer that could be given again.
            preconditionFailure("a stream was asked for with a key")
        }
        return self
    }

    /// What has begun goes on when its time is up, and may act yet.
    private static func unknown(_ answer: IdempotencyStore.Outcome) -> IdempotencyStore.Outcome {
        answer.mapError { problem in
            var problem = problem
            problem.mayHaveActed = true
            return problem
        }
    }
}
