import HTTPFront
import MSNPClient

extension Outcome {
    /// The same, with what comes of it told to the ticket, whether the caller is still there or not.
    ///
    /// A caller that leaves doesn't end the work: it may come again and ask what became of it. Where the work counts on
    /// being released when its time is up, that is done for the caller that has left.
    func recorded(by ticket: IdempotencyTicket, on loop: any SessionLoop) -> Outcome {
        switch self {
        case .ready(let response):
            ticket.finish(.success(response))
            return self
        case .wait(let wait):
            return .wait(
                Wait(
                    timeout: wait.timeout,
                    began: { reply in wait.began(reply.recorded { ticket.finish($0) }) },
                    released: { release in
                        let result = wait.released(release)
                        ticket.finish(Self.unknown(result))
                        return result
                    },
                    abandoned: {
                        loop.after(wait.timeout) {
                            ticket.finish(Self.unknown(wait.released(.timedOut)))
                        }
                    }))
        case .stream:
            // What goes on and on is no answer that could be given again.
            preconditionFailure("a stream was asked for with a key")
        }
    }

    /// What has begun goes on when its time is up, and may act yet.
    private static func unknown(_ answer: IdempotencyStore.Answer) -> IdempotencyStore.Answer {
        answer.mapError { problem in
            var problem = problem
            problem.mayHaveActed = true
            return problem
        }
    }
}
