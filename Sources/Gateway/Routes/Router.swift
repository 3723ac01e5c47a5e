import HTTPFront
import Logging

/// Takes a request through the checks in their order, to its endpoint.
///
/// Host 421, path 404, preflight, method 405, Origin 403, credentials 401, ownership 404, media type 415, size 413,
/// body 400; framing was checked before.
struct Router: Sendable {
    /// All of them, in their order.
    let all: [Route]
    /// By the number of their segments.
    private let routes: [Int: [Route]]
    private let files: StaticFiles
    private let hosts: HostPolicy
    private let origins: OriginPolicy
    private let authorizer: Authorizer
    private let logger: Logger

    init(
        routes: [Route], files: StaticFiles, configuration: GatewayConfiguration, registry: SessionRegistry,
        logger: Logger
    ) {
        all = routes
        self.routes = Dictionary(grouping: routes) { route in
            route.template.dropFirst().split(separator: "/", omittingEmptySubsequences: false).count
        }
        self.files = files
        hosts = HostPolicy(publicHosts: configuration.publicHosts)
        origins = OriginPolicy(listed: configuration.corsOrigins)
        authorizer = Authorizer(
            registry: registry, keys: configuration.keys, signInPolicy: SignInPolicy(configuration))
        self.logger = logger
    }

    func receive(_ head: RequestHead) -> Reception {
        let context = Context(head: head, requestID: RequestID.of(head), logger: logger)
        do throws(Problem) {
            return try route(head, context)
        } catch {
            return .answer(.now(context.finish(.failure(error))))
        }
    }

    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response {
        Context(head: head, requestID: RequestID.of(head), logger: logger)
            .finish(.failure(Problem(.invalidRequest, refusal.detail)))
    }

    // MARK: - The checks

    private func route(_ head: RequestHead, _ context: Context) throws(Problem) -> Reception {
        let isProbe = head.path == SystemRoutes.livePath || head.path == SystemRoutes.readyPath
        // HTTP/1.0 has no Host; whoever speaks it is no browser.
        if !isProbe, let host = head.headers.first(of: "Host"), !hosts.permits(host) {
            throw Problem(.misdirectedHost, "The gateway does not go by the name in Host.")
        }
        if head.method == "OPTIONS", head.path == "*" { return answer(context, .success(Self.options(nil))) }
        guard let path = PathSegments.split(head.path) else { throw Self.nothingHere }
        guard let (route, parameters) = find(path) else { return try file(path, head, context) }
        if head.method == "OPTIONS" { return answer(context, .success(Self.options(route.allow))) }
        guard let endpoint = route.endpoints[head.method == "HEAD" ? "GET" : head.method] else {
            throw Self.notAllowed(route.allow)
        }
        var context = context
        // A query parameter wins over the preference, and HEAD never waits.
        if endpoint.honoursWait, head.method != "HEAD", head.query?.contains("wait=") != true {
            context.appliedWait = Preferences(head).wait
        }
        let isSafe = head.method == "GET" || head.method == "HEAD"
        if !isSafe { try checkOrigin(head) }
        let decision = try authorizer.authorize(endpoint.access, head, parameters)
        let best = Accept.best(of: endpoint.produces, for: head.headers["Accept"])
        let settled = context
        guard let mediaType = best ?? (endpoint.produces.isEmpty ? "" : nil) else {
            throw Problem(.notAcceptable, "This call answers with: \(endpoint.produces.joined(separator: ", ")).")
        }
        let call: @Sendable ([UInt8]) throws(Problem) -> Outcome = { body throws(Problem) in
            let query = try QueryParameters(parsing: head.query, known: endpoint.query)
            return try endpoint.run(
                Call(
                    head: head, parameters: parameters, query: query, mediaType: mediaType,
                    caller: decision.caller, session: decision.session, body: body))
        }
        switch endpoint.body {
        case .none:
            // A body that means nothing is read and refused rather than guessed at.
            guard head.hasBody else { return .answer(run(settled, [], call)) }
            return read(settled, limit: 0) { _ throws(Problem) in
                throw Problem(.invalidRequest, "This call takes no body.")
            }
        case .json, .patch:
            try checkMediaType(head, endpoint.body.mediaTypes)
            guard head.hasBody else { return .answer(run(settled, [], call)) }
            return read(settled, limit: GatewayLimits.body, call)
        }
    }

    private func read(
        _ context: Context, limit: Int, _ call: @escaping @Sendable ([UInt8]) throws(Problem) -> Outcome
    ) -> Reception {
        .readBody(
            limit: limit,
            tooLarge: {
                context.finish(
                    .failure(
                        limit == 0
                            ? Problem(.invalidRequest, "This call takes no body.")
                            : Problem(.bodyTooLarge, "A request's body can have at most \(limit) bytes.")))
            },
            then: { body in self.run(context, body, call) })
    }

    private func run(
        _ context: Context, _ body: [UInt8], _ call: @Sendable ([UInt8]) throws(Problem) -> Outcome
    ) -> Answer {
        do throws(Problem) {
            switch try call(body) {
            case .ready(let response): return .now(context.finish(.success(response)))
            case .wait(let wait):
                return .park(
                    Parking(
                        timeout: wait.timeout,
                        began: { wait.began(Reply($0) { context.finish($0) }) },
                        released: { context.finish(wait.released($0)) },
                        abandoned: wait.abandoned))
            case .stream(let stream):
                return .stream(
                    Streaming(
                        context.finish(.success(.eventStream)), patience: GatewayLimits.streamPatience,
                        began: stream.began, next: stream.next, quiet: stream.quiet,
                        refused: { context.finish(.failure(SignInService.shuttingDown)) }, ended: stream.ended))
            }
        } catch {
            return .now(context.finish(.failure(error)))
        }
    }

    private func answer(_ context: Context, _ result: Result<Response, Problem>) -> Reception {
        .answer(.now(context.finish(result)))
    }

    private func find(_ path: [String]) -> (Route, [String: String])? {
        for route in routes[path.count] ?? [] {
            if let parameters = route.match(path) { return (route, parameters) }
        }
        return nil
    }

    private func file(_ path: [String], _ head: RequestHead, _ context: Context) throws(Problem) -> Reception {
        guard let file = files.file(path) else { throw Self.nothingHere }
        switch head.method {
        case "GET", "HEAD": return answer(context, .success(file))
        case "OPTIONS": return answer(context, .success(Self.options(Self.fileMethods)))
        default: throw Self.notAllowed(Self.fileMethods)
        }
    }

    private func checkOrigin(_ head: RequestHead) throws(Problem) {
        guard origins.permits(origin: head.headers["Origin"], host: head.headers.first(of: "Host")) else {
            throw Problem(.crossOrigin, "Pages of that origin may not change anything here.")
        }
    }

    private func checkMediaType(_ head: RequestHead, _ allowed: [String]) throws(Problem) {
        guard head.hasBody else { return }
        let parts = (head.headers.first(of: "Content-Type") ?? "").lowercased().split(separator: ";")
            .map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }
        guard let type = parts.first, allowed.contains(type), charset == nil || charset == "charset=utf-8" else {
            throw Problem(.unsupportedMediaType, "The body has to be \(allowed.joined(separator: " or ")) in UTF-8.")
        }
    }

    private static let fileMethods = "GET, HEAD, OPTIONS"
    private static let nothingHere = Problem(.notFound, "There is nothing at this path.")

    private static func notAllowed(_ allow: String) -> Problem {
        var problem = Problem(.methodNotAllowed, "Here are allowed: \(allow).")
        problem.allow = allow
        return problem
    }

    private static func options(_ allow: String?) -> Response {
        var response = Response.noContent
        if let allow { response.set("Allow", allow) }
        return response
    }
}
