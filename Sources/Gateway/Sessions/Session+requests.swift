import Digests
import Locking
import MSNP
import MSNPClient

extension Session {
    /// Asks the server something.
    ///
    /// Throws `Problem`; `refused` says what an error of the server means for this request.
    func request(
        _ request: SessionRequest, refused: (ErrorCode) -> Problem
    ) async throws(Problem) -> RequestReply {
        do throws(RequestFailure) {
            return try await ask(request)
        } catch {
            throw problem(error, refused: refused)
        }
    }

    /// Asks the server something, and gives its refusal as it is.
    func ask(_ request: SessionRequest) async throws(RequestFailure) -> RequestReply {
        let (client, current) = state.withLock { state in
            (state.record.hasEnded ? nil : state.client, state.record.state)
        }
        guard let client else { throw .notOnline(current) }
        return try await client.request(request)
    }

    /// What a request that failed is answered with; `refused` says what an error of the server means.
    func problem(_ failure: RequestFailure, refused: (ErrorCode) -> Problem) -> Problem {
        switch failure {
        case .refused(let code, let command):
            guard code != 713, code != 800 else {
                return Problem(.rateLimited, "The server wants this done less often.", code, command: command)
                    .retrying(after: Self.serverPatience).exceeding(.reached(.server))
            }
            return refused(code)
        case .nonsense(let command, let line):
            return Problem(.backendProtocolError, Problem.nonsense(command, line))
        case .timedOut(let command):
            return Problem(
                .backendTimeout, "The server did not answer \(command) in time. The session goes on without it.")
        case .notSupported(let command):
            return Problem(
                .notSupportedByBackend, "The server is known not to take \(command), so it was not sent.")
        case .interrupted, .notOnline:
            do throws(Problem) {
                try requireLive()
            } catch {
                return error
            }
            return notOnline()
        }
    }

    /// Throws 409 `session-ended` once it has, 503 while it has no server to ask.
    func requireOnline() throws(Problem) {
        if let obstacle { throw obstacle }
    }

    /// What keeps the session from asking its server something now; nil where nothing does.
    var obstacle: Problem? {
        let uptime = environment.clock.uptime()
        return state.withLock { $0.record.obstacle(at: uptime) }
    }

    /// Has an attempt to come back begin without its wait; whether the session is there, so that none is needed.
    func reconnect() async -> Bool {
        await state.withLock { $0.client }?.hurry()
        return state.withLock { $0.record.state == .online }
    }

    /// Seconds to wait after 713 or 800, of which no source knows the window (docs/protocol.md#limits).
    private static let serverPatience = 10

    /// Sets the status; answered when the server has echoed it.
    func setPresence(_ presence: Presence) async throws(Problem) {
        _ = try await request(.setPresence(presence)) { code in
            Problem(.backendError, "The server refused the status.", code, command: "CHG")
        }
    }

    /// Changes the own display name.
    func rename(_ name: DisplayName) async throws(Problem) {
        try requireLive()
        let isLocked = state.withLock { $0.record.verified == false }
        if isLocked {
            throw Problem(
                .displayNameLocked,
                "The account's e-mail address is not verified; until it is, the server sets the display name.")
        }
        _ = try await request(.rename(name)) { code in
            switch code {
            case 209: return Problem(.displayNameRefused, "The server does not allow that name.", code, command: "REA")
            default: return Problem(.backendError, "The server refused the name.", code, command: "REA")
            }
        }
    }

    /// Where a web service is, for now.
    func service(_ service: Service, parameter: String?) async throws(Problem) -> ServiceLocation {
        try requireLive()
        if let dialect, dialect < service.since {
            throw Problem(
                .serviceUnavailableInDialect,
                "\(service.wireName) came with \(service.since.name); this session speaks \(dialect.name).")
        }
        let reply: RequestReply
        do {
            reply = try await request(.service(service.wireName, parameter: parameter)) { code in
                Problem(.backendError, "The server refused the service.", code, command: "URL")
            }
        }
        guard case .service(let answer) = reply else {
            preconditionFailure("a URL request is answered with a service")
        }
        return ServiceLocation(answer)
    }

    /// The Passport form for a service; nil when it can't be made (docs/protocol.md#passport-form).
    func form(for location: ServiceLocation, _ service: Service) -> PassportForm? {
        let (handle, profile, receivedAt) = state.withLock { state in
            (state.record.account, state.record.profile, state.record.profileReceivedAt)
        }
        guard let profile, let receivedAt else { return nil }
        let elapsed = max(.zero, environment.clock.uptime() - receivedAt)
        return PassportForm(
            handle: handle, profile: profile, location: location, elapsed: UInt64(elapsed.components.seconds),
            svc: service.formService
        ) { salt in Self.digest(salt, password) }
    }

    /// What there is no server for now.
    func notOnline() -> Problem {
        let uptime = environment.clock.uptime()
        return state.withLock { $0.record.notOnline(at: uptime) }
    }
}

extension Service {
    /// `svc` of the form: `mail` was observed for the mail services, and nothing is known of the others.
    fileprivate var formService: String? {
        switch self {
        case .inbox, .folders, .compose: PassportForm.mailService
        case .person, .mobile, .chgmob, .profile, .n2paccount, .n2pfund: nil
        }
    }
}
