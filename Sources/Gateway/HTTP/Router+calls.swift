import ByteText
import HTTPFront
import MSNPClient

/// What becomes of a request once its head has passed the checks: its body, its precondition, its idempotency key, its endpoint.
extension Router {
    /// A request that passed the checks which its head can be held to.
    struct Admitted: Sendable {
        let head: RequestHead
        let known: KnownRequest
        let decision: Authorizer.Decision

        var endpoint: Endpoint { known.endpoint }
    }

    /// Has the body read that the call takes.
    func read(_ admitted: Admitted, _ context: Context) throws(Problem) -> Reception {
        let (head, endpoint) = (admitted.head, admitted.endpoint)
        switch endpoint.body {
        case .none:
            // No members say as much as no body; anything else is refused rather than guessed at.
            return read(admitted, context, limit: GatewayLimits.emptyBody, Self.takesNoBody) { body throws(Problem) in
                guard body.isEmpty || (try? JSONText.object(body))?.isEmpty == true else { throw Self.takesNoBody }
                return []
            }
        case .json, .patch:
            guard let refusal = refusal(of: head, endpoint.body.mediaTypes) else {
                let limit = bodyLimit(of: endpoint, admitted.decision)
                let tooLarge = Problem(.bodyTooLarge, "The body of this call can have at most \(limit) bytes.")
                return read(admitted, context, limit: limit, tooLarge) { body in body }
            }
            // What comes in chunks may be nothing, as some proxies send it, and nothing has no type.
            guard head.contentLength == nil else { throw refusal }
            return read(admitted, context, limit: 0, refusal) { _ in [] }
        }
    }

    /// Carries out what was asked for, once its body is there.
    ///
    /// - Parameter telling: what the answer tells, where that is something else than the route's answers usually do.
    private func carryOut(
        _ admitted: Admitted, _ body: [UInt8], _ telling: inout Endpoint.Telling
    ) throws(Problem) -> Answer {
        let (head, endpoint) = (admitted.head, admitted.endpoint)
        if let name = admitted.known.tooLong { throw ListField.problem(name) }
        let query = try QueryParameters(parsing: head.query, known: endpoint.query)
        let call = Call(
            head: head, known: admitted.known, query: query, decision: admitted.decision,
            body: body)
        guard endpoint.honoursIdempotencyKey, let key = try IdempotencyKey(head) else {
            // First, as a precondition is about what may not be told now.
            try checkState(admitted)
            if !admitted.known.isSafe { try checkPreconditions(call, of: admitted.known.route) }
            return authorizer.inUse(try endpoint.run(call), by: admitted.known.credential)
        }
        if !admitted.known.isSafe { try checkPreconditions(call, of: admitted.known.route) }
        return try once(key, call, admitted, &telling)
    }

    /// Throws `Problem` 503 for what would act while what comes of it can't be written: no byte of it goes out.
    private func checkState(_ admitted: Admitted) throws(Problem) {
        guard let keeper, admitted.endpoint.asksServer else { return }
        guard keeper.canWrite, admitted.decision.session?.isFull != true else { throw AnswerHold.unavailable }
    }

    /// What nobody in particular sends costs less than what somebody who is known does.
    private func bodyLimit(of endpoint: Endpoint, _ decision: Authorizer.Decision) -> Int {
        if case .nobody = decision.caller { return min(endpoint.bodyLimit, GatewayLimits.signInBody) }
        return endpoint.bodyLimit
    }

    private func read(
        _ admitted: Admitted, _ context: Context, limit: Int, _ tooLarge: Problem,
        _ checked: @escaping @Sendable ([UInt8]) throws(Problem) -> [UInt8]
    ) -> Reception {
        .readBody(
            limit: limit, tooLarge: { context.finishLast(.failure(tooLarge)) },
            then: { body in
                do throws(Problem) {
                    return self.run(admitted, try checked(body), context)
                } catch {
                    return .now(context.finishLast(.failure(error)))
                }
            })
    }

    func run(_ admitted: Admitted, _ body: [UInt8], _ context: Context) -> Answer {
        var telling = admitted.endpoint.telling
        do throws(Problem) {
            guard let keeper else { return context.finish(try carryOut(admitted, body, &telling)) }
            let result: Result<Answer, Problem>
            do throws(Problem) {
                result = .success(try carryOut(admitted, body, &telling))
            } catch {
                result = .failure(error)
            }
            return context.finish(try AnswerHold(keeper, admitted, telling, authorizer.registry).keep(result))
        } catch {
            return .now(context.finishLast(.failure(error)))
        }
    }

    /// Carries a call out unless one with its key was carried out before; throws `Problem` 409, 422, 429 and 503.
    private func once(
        _ key: IdempotencyKey, _ call: Call, _ admitted: Admitted, _ telling: inout Endpoint.Telling
    ) throws(Problem) -> Answer {
        let scope = IdempotencyScope(key, call.head, session: call.session?.id)
        switch idempotency.begin(scope, body: RequestDigest.of(call.body)) {
        case .first(let ticket):
            var call = call
            call.act = ticket
            do throws(Problem) {
                try checkState(admitted)
                return try admitted.endpoint.run(call).recorded(by: ticket, on: call.session?.owed.loop ?? household)
            } catch {
                ticket.finish(.failure(error))
                throw error
            }
        case .replay(let outcome):
            // It changes nothing.
            telling = .nothing
            return try replay(outcome)
        case .unwritten(let outcome):
            try checkState(admitted)
            return try replay(outcome)
        case .inProgress:
            telling = .nothing
            throw Problem(.idempotencyInProgress, "The first request with this key is not finished.").retrying(after: 1)
        case .mismatch:
            telling = .nothing
            throw Problem(.idempotencyMismatch, "The first request with this key had another body.")
        case .full:
            telling = .nothing
            throw Problem(.rateLimited, "Too many requests of this session with keys are not finished.")
                .retrying(after: 1).exceeding(idempotency.limit)
        }
    }

    private func replay(_ outcome: IdempotencyStore.Outcome) throws(Problem) -> Answer {
        switch outcome {
        case .success(var response):
            response.set("Idempotency-Replayed", "true")
            return .now(response)
        case .failure(var problem):
            problem.isReplayed = true
            throw problem
        }
    }

    /// `If-Match` and `If-None-Match` of a request that would change something (RFC 9110, 13.2); throws `Problem` 412.
    ///
    /// They are about what GET would answer now.
    private func checkPreconditions(_ call: Call, of route: Route) throws(Problem) {
        let match = ListField.value(of: "If-Match", in: call.head)
        let noneMatch = ListField.value(of: "If-None-Match", in: call.head)
        guard match != nil || noneMatch != nil, let get = route.endpoints["GET"] else { return }
        // Nil where there is nothing, empty where what is there has no tag.
        var tag: String?
        if case .now(let response)? = try? get.run(call) { tag = response.value(of: "ETag") ?? "" }
        if let match, !(tag.map { EntityTag.isMatched($0, by: match) } ?? false) {
            throw Problem(.preconditionFailed, "The resource is not what If-Match names.")
        }
        if let noneMatch, let tag, EntityTag.isKnown(tag, to: noneMatch) {
            throw Problem(.preconditionFailed, "The resource is what If-None-Match names.")
        }
    }

    /// What is wrong with a body by its head: compressed, or of another media type.
    private func refusal(of head: RequestHead, _ allowed: [String]) -> Problem? {
        // A list, in one field or several; the names are compared without case (RFC 9110, 8.4).
        let codings = head.headers.values(of: "Content-Encoding").flatMap { FieldText.parts($0, at: ",") }
        guard codings.allSatisfy({ $0.isEmpty || ASCII.equalsFolded($0, "identity") }) else {
            var problem = Problem(.unsupportedMediaType, "The body has to be sent as it is, without a coding.")
            problem.takesNoCoding = true
            return problem
        }
        let sent = MediaType(parsing: head.headers.first(of: "Content-Type") ?? "")
        guard let sent, allowed.contains(where: { ASCII.equals($0, sent.name.text) }),
            sent.charset == nil || sent.charset == "utf-8"
        else {
            return Problem(.unsupportedMediaType, "The body has to be \(allowed.joined(separator: " or ")) in UTF-8.")
        }
        return nil
    }

    private static let takesNoBody = Problem(.invalidRequest, "This call takes no body.")
}
