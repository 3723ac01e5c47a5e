import ByteText
import HTTPFront
import Logging
import Loops
import MSNPClient

/// Takes a request through the checks in their order, to its endpoint.
///
/// Host 421, path 404, preflight, method 405, Origin 403, credentials 401, ownership 404, media type 415, size 413,
/// body 400; framing was checked before.
struct Router: Sendable {
    /// All of them, in their order.
    let all: [Route]
    /// By the number of their segments.
    private let routes: [[(route: Route, meter: RouteMeter)]]
    private let files: StaticFiles
    private let access: Current<AccessRules>
    let authorizer: Authorizer
    let idempotency: IdempotencyStore
    private let metrics: Metrics
    /// For what belongs to no session.
    let household: any SessionLoop
    /// Where sessions outlive the process; nil where nothing does.
    let keeper: StateKeeper?
    private let logger: Logger

    init(
        routes: [Route], files: StaticFiles, configuration: GatewayConfiguration, registry: SessionRegistry,
        metrics: Metrics, logger: Logger, access: Current<AccessRules>? = nil
    ) {
        let access = access ?? Current(AccessRules(configuration))
        self.access = access
        all = routes
        let metered = routes.map { ($0, metrics.meter(for: $0)) }
        self.routes = (0...(routes.map(\.depth).max() ?? 0)).map { depth in metered.filter { $0.0.depth == depth } }
        self.metrics = metrics
        idempotency = metrics.idempotency
        household = registry.runtime.household
        keeper = registry.keeper
        self.files = files
        authorizer = Authorizer(registry: registry, keys: configuration.keys)
        self.logger = logger
    }

    func receive(_ head: RequestHead) -> Reception {
        var memo: HeadMemo?
        return receive(head, &memo)
    }

    /// - Parameter memo: the `KnownRequest` of a head that differs in its query alone, where there was one.
    func receive(_ head: RequestHead, _ memo: inout HeadMemo?) -> Reception {
        let rules = access.value
        var request = Arrived(head: head, rules: rules, meter: metrics.unmatched)
        do throws(Problem) {
            // Under other rules another host may be permitted, and another caller.
            if let known = memo as? KnownRequest, known.rules === rules { return try serve(known, head, &request) }
            memo = nil
            switch try route(&request) {
            case .file(let reception): return reception
            case .known(let known):
                memo = known
                return try serve(known, head, &request)
            }
        } catch {
            return answer(request, .failure(error))
        }
    }

    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response {
        context(of: Arrived(head: head, rules: access.value, meter: metrics.refused))
            .finishLast(.failure(Problem(.invalidRequest, refusal.detail)))
    }

    /// What is known of a request while it is looked at.
    private struct Arrived {
        let head: RequestHead?
        let rules: AccessRules
        /// Who counts the answer.
        var meter: RouteMeter
        var appliedWait: Int?
        let time = MonotonicInstant.now
    }

    private func context(of request: Arrived, _ known: KnownRequest, by decision: Authorizer.Decision) -> Context {
        var limited: Endpoint.Limited?
        if known.endpoint.limit != nil {
            limited = Endpoint.Limited(session: decision.session, owner: decision.caller.owner)
        }
        return Context(
            head: request.head, known: known, logger: logger, appliedWait: request.appliedWait,
            sharing: request.rules.sharing, meter: request.meter, arrival: request.time, limited: limited)
    }

    private func context(of request: Arrived) -> Context {
        Context(
            head: request.head, logger: logger, appliedWait: request.appliedWait, sharing: request.rules.sharing,
            meter: request.meter, arrival: request.time)
    }

    // MARK: - The checks

    /// What a request leads to by its head.
    private enum Destination {
        case known(KnownRequest)
        /// A page, or what is said of a path; it is answered already.
        case file(Reception)
    }

    /// Finds out what is called; `serve` goes on from there.
    private func route(_ request: inout Arrived) throws(Problem) -> Destination {
        guard let head = request.head else { throw Self.nothingHere }
        let isProbe = Self.probes.contains { ASCII.equals(head.path, $0) }
        // HTTP/1.0 has no Host; whoever speaks it and names none is no browser.
        if !isProbe, let host = head.host, !request.rules.hosts.permits(host) {
            throw Problem(.misdirectedHost, "The gateway does not go by the name in Host.")
        }
        if head.isMethod("OPTIONS"), ASCII.equals(head.path, "*") {
            return .file(answer(request, .success(.noContent)))
        }
        guard let path = PathSegments.split(head.path) else { throw Self.nothingHere }
        guard let (route, meter, parameters) = find(path) else { return .file(try file(path, head, &request)) }
        request.meter = meter
        if head.isMethod("OPTIONS") {
            return .file(answer(request, .success(options(head, route.allow, request.rules))))
        }
        guard let endpoint = route.endpoint(for: head) else {
            throw Self.notAllowed(route.allow)
        }
        return .known(KnownRequest(head, request.rules, route, meter, parameters, endpoint))
    }

    /// Checks what can change from one request to the next with the same head, and goes on to what is called.
    private func serve(
        _ known: KnownRequest, _ head: RequestHead, _ request: inout Arrived
    ) throws(Problem) -> Reception {
        request.meter = known.meter
        let endpoint = known.endpoint
        // A query parameter wins over the preference, and HEAD never waits.
        if endpoint.honoursWait, !known.isHead, let wait = known.preferences.wait, !Self.saysWait(head.query) {
            request.appliedWait = wait
        }
        if !known.isSafe { try checkOrigin(head, known.rules) }
        let decision = try authorizer.authorize(known, head)
        guard known.mediaType != nil else {
            throw Problem(.notAcceptable, "This call answers with: \(endpoint.produces.joined(separator: ", ")).")
        }
        let admitted = Admitted(head: head, known: known, decision: decision)
        let context = context(of: request, known, by: decision)
        return head.hasBody ? try read(admitted, context) : .answer(run(admitted, [], context))
    }

    private func answer(_ request: Arrived, _ result: Result<Response, Problem>) -> Reception {
        .answer(.now(context(of: request).finishLast(result)))
    }

    /// The method and the template of a request's route, both out of the table; nil where there is none.
    func name(of head: RequestHead) -> String? {
        guard let path = PathSegments.split(head.path), let (route, _, _) = find(path),
            let method = route.endpoints.keys.first(where: { head.isMethod($0) })
        else { return nil }
        return "\(method) \(route.template)"
    }

    private func find(_ path: [Substring]) -> (Route, RouteMeter, PathParameters)? {
        guard path.count < routes.count else { return nil }
        for (route, meter) in routes[path.count] {
            if let parameters = route.match(path) { return (route, meter, parameters) }
        }
        return nil
    }

    private func file(
        _ path: [Substring], _ head: RequestHead, _ request: inout Arrived
    ) throws(Problem) -> Reception {
        let found = files.find(path)
        if case .nothing = found { throw Self.nothingHere }
        request.meter = metrics.files
        if head.isSafe {
            if case .response(let file) = found { return answer(request, .success(file)) }
            return .answer(
                context(of: request).finish(
                    .later { [files] () async throws(Problem) in
                        try await files.read()
                        // What was there at the start may be gone in what was found meanwhile.
                        guard case .response(let file) = files.find(path) else { throw Self.nothingHere }
                        return file
                    }))
        }
        guard head.isMethod("OPTIONS") else { throw Self.notAllowed(Self.fileMethods) }
        return answer(request, .success(options(head, Self.fileMethods, request.rules)))
    }

    private func checkOrigin(_ head: RequestHead, _ rules: AccessRules) throws(Problem) {
        guard rules.origins.permits(origin: head.headers["Origin"], host: head.host) else {
            throw Problem(.crossOrigin, "Pages of that origin may not change anything here.")
        }
    }

    private static let probes = [SystemRoutes.livePath, SystemRoutes.readyPath]
    private static let fileMethods = "GET, HEAD, OPTIONS"
    private static let nothingHere = Problem(.notFound, "There is nothing at this path.")

    private static func notAllowed(_ allow: String) -> Problem {
        var problem = Problem(.methodNotAllowed, "Here are allowed: \(allow).")
        problem.allow = allow
        return problem
    }

    private func options(_ head: RequestHead, _ allow: String, _ rules: AccessRules) -> Response {
        var response = Response.noContent
        response.set("Allow", allow)
        rules.sharing.answerPreflight(&response, head, methods: allow)
        return response
    }

    private static func saysWait(_ query: String?) -> Bool {
        guard var rest = query?.utf8[...] else { return false }
        while !rest.starts(with: "wait=".utf8) {
            guard let next = rest.firstIndex(of: UInt8(ascii: "&")) else { return false }
            rest = rest[rest.index(after: next)...]
        }
        return true
    }
}
