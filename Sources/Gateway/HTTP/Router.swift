import ByteText
import HTTPFront
import Logging
import MSNPClient

/// Takes a request through the checks in their order, to its endpoint.
///
/// Host 421, path 404, preflight, method 405, Origin 403, credentials 401, ownership 404, media type 415, size 413,
/// body 400; framing was checked before.
struct Router: Sendable {
    /// All of them, in their order.
    let all: [Route]
    /// By the number of their segments.
    private let routes: [Int: [(route: Route, meter: RouteMeter)]]
    private let files: StaticFiles
    private let access: Current<AccessRules>
    private let authorizer: Authorizer
    private let idempotency: IdempotencyStore
    private let metrics: Metrics
    /// For what belongs to no session.
    private let household: any SessionLoop
    private let logger: Logger

    init(
        routes: [Route], files: StaticFiles, configuration: GatewayConfiguration, registry: SessionRegistry,
        metrics: Metrics, logger: Logger, access: Current<AccessRules>? = nil
    ) {
        let access = access ?? Current(AccessRules(configuration))
        self.access = access
        all = routes
        self.routes = Dictionary(grouping: routes.map { ($0, metrics.meter(for: $0)) }) { route, _ in
            route.template.dropFirst().split(separator: "/", omittingEmptySubsequences: false).count
        }
        self.metrics = metrics
        idempotency = metrics.idempotency
        household = registry.runtime.household
        self.files = files
        authorizer = Authorizer(registry: registry, keys: configuration.keys, access: access)
        self.logger = logger
    }

    private var hosts: HostPolicy { access.value.hosts }
    private var origins: OriginPolicy { access.value.origins }
    private var sharing: CrossOriginSharing { access.value.sharing }

    func receive(_ head: RequestHead) -> Reception {
        var context = context(of: head, countedBy: metrics.unmatched)
        do throws(Problem) {
            return try route(head, &context)
        } catch {
            return .answer(.now(context.finishLast(.failure(error))))
        }
    }

    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response {
        context(of: head, countedBy: metrics.refused).finishLast(.failure(Problem(.invalidRequest, refusal.detail)))
    }

    private func context(of head: RequestHead?, countedBy meter: RouteMeter) -> Context {
        Context(head: head, requestID: RequestID.of(head), logger: logger, sharing: sharing, meter: meter)
    }

    // MARK: - The checks

    private func route(_ head: RequestHead, _ context: inout Context) throws(Problem) -> Reception {
        let isProbe = Self.probes.contains { ASCII.equals(head.path, $0) }
        // HTTP/1.0 has no Host; whoever speaks it and names none is no browser.
        if !isProbe, let host = head.host, !hosts.permits(host) {
            throw Problem(.misdirectedHost, "The gateway does not go by the name in Host.")
        }
        if head.isMethod("OPTIONS"), ASCII.equals(head.path, "*") { return answer(context, .success(.noContent)) }
        guard let path = PathSegments.split(head.path) else { throw Self.nothingHere }
        guard let (route, meter, parameters) = find(path) else { return try file(path, head, &context) }
        context.meter = meter
        if head.isMethod("OPTIONS") { return answer(context, .success(options(head, route.allow))) }
        guard let endpoint = route.endpoint(for: head) else {
            throw Self.notAllowed(route.allow)
        }
        // A query parameter wins over the preference, and HEAD never waits.
        if endpoint.honoursWait, !head.isMethod("HEAD"), !Self.saysWait(head.query) {
            context.appliedWait = Preferences(head).wait
        }
        if !head.isSafe { try checkOrigin(head) }
        let decision = try authorizer.authorize(endpoint.access, head, parameters)
        let best = Accept.best(of: endpoint.produces, for: ListField.value(of: "Accept", in: head))
        let settled = context
        guard let mediaType = best ?? (endpoint.produces.isEmpty ? "" : nil) else {
            throw Problem(.notAcceptable, "This call answers with: \(endpoint.produces.joined(separator: ", ")).")
        }
        let call: @Sendable ([UInt8]) throws(Problem) -> Answer = { body throws(Problem) in
            try ListField.check(head)
            let query = try QueryParameters(parsing: head.query, known: endpoint.query)
            let call = Call(
                head: head, parameters: parameters, query: query, mediaType: mediaType,
                caller: decision.caller, session: decision.session, body: body)
            if !head.isSafe { try checkPreconditions(call, of: route) }
            guard endpoint.honoursIdempotencyKey, let key = try IdempotencyKey(head) else {
                return authorizer.inUse(try endpoint.run(call), head)
            }
            return try once(key, call, endpoint)
        }
        guard head.hasBody else { return .answer(run(settled, [], call)) }
        switch endpoint.body {
        case .none:
            // No members say as much as no body; anything else is refused rather than guessed at.
            return read(settled, limit: GatewayLimits.emptyBody, tooLarge: Self.takesNoBody) { body throws(Problem) in
                guard body.isEmpty || (try? JSONText.object(body))?.isEmpty == true else { throw Self.takesNoBody }
                return try call([])
            }
        case .json, .patch:
            guard let refusal = refusal(of: head, endpoint.body.mediaTypes) else {
                let limit = bodyLimit(of: endpoint, decision)
                let tooLarge = Problem(.bodyTooLarge, "The body of this call can have at most \(limit) bytes.")
                return read(settled, limit: limit, tooLarge: tooLarge, call)
            }
            // What comes in chunks may be nothing, as some proxies send it, and nothing has no type.
            guard head.contentLength == nil else { throw refusal }
            return read(settled, limit: 0, tooLarge: refusal) { _ throws(Problem) in try call([]) }
        }
    }

    /// What nobody in particular sends costs less than what somebody who is known does.
    private func bodyLimit(of endpoint: Endpoint, _ decision: Authorizer.Decision) -> Int {
        if case .nobody = decision.caller { return min(endpoint.bodyLimit, GatewayLimits.signInBody) }
        return endpoint.bodyLimit
    }

    private func read(
        _ context: Context, limit: Int, tooLarge: Problem,
        _ call: @escaping @Sendable ([UInt8]) throws(Problem) -> Answer
    ) -> Reception {
        .readBody(
            limit: limit, tooLarge: { context.finishLast(.failure(tooLarge)) },
            then: { body in self.run(context, body, call) })
    }

    private func run(
        _ context: Context, _ body: [UInt8], _ call: @Sendable ([UInt8]) throws(Problem) -> Answer
    ) -> Answer {
        do throws(Problem) {
            return context.finish(try call(body))
        } catch {
            return .now(context.finishLast(.failure(error)))
        }
    }

    /// Carries a call out unless one with its key was carried out before; throws `Problem` 409, 422 and 429.
    private func once(_ key: IdempotencyKey, _ call: Call, _ endpoint: Endpoint) throws(Problem) -> Answer {
        let scope = IdempotencyScope(key, call.head, session: call.session?.id)
        switch idempotency.begin(scope, body: RequestDigest.of(call.body)) {
        case .first(let ticket):
            do throws(Problem) {
                return try endpoint.run(call).recorded(by: ticket, on: call.session?.owed.loop ?? household)
            } catch {
                ticket.finish(.failure(error))
                throw error
            }
        case .replay(.success(var response)):
            response.set("Idempotency-Replayed", "true")
            return .now(response)
        case .replay(.failure(var problem)):
            problem.isReplayed = true
            throw problem
        case .inProgress:
            throw Problem(.idempotencyInProgress, "The first request with this key is not finished.").retrying(after: 1)
        case .mismatch:
            throw Problem(.idempotencyMismatch, "The first request with this key had another body.")
        case .full:
            throw Problem(.rateLimited, "Too many requests of this session with keys are not finished.")
                .retrying(after: 1)
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

    private func answer(_ context: Context, _ result: Result<Response, Problem>) -> Reception {
        .answer(.now(context.finishLast(result)))
    }

    /// The method and the template of a request's route, both out of the table; nil where there is none.
    func name(of head: RequestHead) -> String? {
        guard let path = PathSegments.split(head.path), let (route, _, _) = find(path),
            let method = route.endpoints.keys.first(where: { head.isMethod($0) })
        else { return nil }
        return "\(method) \(route.template)"
    }

    private func find(_ path: [ByteText]) -> (Route, RouteMeter, [String: ByteText])? {
        for (route, meter) in routes[path.count] ?? [] {
            if let parameters = route.match(path) { return (route, meter, parameters) }
        }
        return nil
    }

    private func file(_ path: [ByteText], _ head: RequestHead, _ context: inout Context) throws(Problem) -> Reception {
        guard let file = files.file(path) else { throw Self.nothingHere }
        context.meter = metrics.files
        if head.isSafe { return answer(context, .success(file)) }
        guard head.isMethod("OPTIONS") else { throw Self.notAllowed(Self.fileMethods) }
        return answer(context, .success(options(head, Self.fileMethods)))
    }

    private func checkOrigin(_ head: RequestHead) throws(Problem) {
        guard origins.permits(origin: head.headers["Origin"], host: head.host) else {
            throw Problem(.crossOrigin, "Pages of that origin may not change anything here.")
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

    private static let probes = [SystemRoutes.livePath, SystemRoutes.readyPath]
    private static let fileMethods = "GET, HEAD, OPTIONS"
    private static let takesNoBody = Problem(.invalidRequest, "This call takes no body.")
    private static let nothingHere = Problem(.notFound, "There is nothing at this path.")

    private static func notAllowed(_ allow: String) -> Problem {
        var problem = Problem(.methodNotAllowed, "Here are allowed: \(allow).")
        problem.allow = allow
        return problem
    }

    private func options(_ head: RequestHead, _ allow: String) -> Response {
        var response = Response.noContent
        response.set("Allow", allow)
        sharing.answerPreflight(&response, head, methods: allow)
        return response
    }

    private static func saysWait(_ query: String?) -> Bool {
        query?.utf8.split(separator: UInt8(ascii: "&")).contains { $0.starts(with: "wait=".utf8) } ?? false
    }
}
