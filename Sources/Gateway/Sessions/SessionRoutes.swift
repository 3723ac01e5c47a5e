import HTTPFront
import MSNP

/// Sign-in, the session itself, sign-out (the API's section on sessions).
struct SessionRoutes: Sendable {
    let signIn: SignInService
    let registry: SessionRegistry
    let access: Current<AccessRules>

    var routes: [Route] {
        [
            Route(
                "/v1/sessions",
                [
                    "POST": Endpoint(
                        access: .signIn, body: .json, bodyLimit: GatewayLimits.signInBody, honoursWait: true,
                        asksServer: true, run: open),
                    "GET": Endpoint(access: .caller, telling: .facts(.session)) { call throws(Problem) in list(call) },
                ]),
            Route(
                "/v1/sessions/{sid}",
                [
                    "GET": Endpoint(telling: .facts(.session)) { call throws(Problem) in
                        .now(.json(call.openedSession.body))
                    },
                    "PATCH": Endpoint(body: .patch, asksServer: true, run: rename),
                    "DELETE": Endpoint(access: .sessionOrAdmin, produces: [], asksServer: true) {
                        call throws(Problem) in close(call)
                    },
                ]),
            Route(
                "/v1/sessions/{sid}/presence",
                [
                    "GET": Endpoint(telling: .facts(.presence)) { call throws(Problem) in
                        .now(.json(try call.openedSession.liveStatus().body))
                    },
                    "PUT": Endpoint(body: .json, asksServer: true, run: setPresence),
                ]),
            Route("/v1/sessions/{sid}/reconnect", ["POST": Endpoint(asksServer: true, run: reconnect)]),
            Route(
                "/v1/sessions/{sid}/snapshot",
                [
                    "GET": Endpoint(telling: .facts(.snapshot)) { call throws(Problem) in
                        .now(.json(call.openedSession.snapshotBody))
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/profile",
                ["GET": Endpoint(telling: .facts(.profile), run: profile)]),
        ]
    }

    private func open(_ call: Call) throws(Problem) -> Answer {
        let preferences = call.preferences
        var waiting = SignInService.Waiting()
        waiting.respondsAtOnce = preferences.respondsAsync
        if let wait = preferences.wait { waiting.seconds = wait }
        return try signIn.signIn(
            SignInRequest(body: call.body, canKeep: registry.limits.keptIdleTimeout > 0), owner: call.caller.owner,
            client: access.value.clients.client(of: call.head),
            waiting)
    }

    private func list(_ call: Call) -> Answer {
        switch call.caller {
        case .nobody: return .now(Self.list([]))
        case .session(let session): return .now(Self.list([session]))
        case .key(let key):
            // Off the loop that serves others: there may be thousands.
            return .later { () throws(Problem) in
                Self.list(registry.sessions(of: key.isAdmin ? nil : key.owner).sorted(by: Session.isOlder))
            }
        }
    }

    private static func list(_ sessions: [Session]) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.member("sessions") { json in
                json.list { json in for session in sessions { json.item(session.resource) } }
            }
        }
        return .json(json.bytes)
    }

    private func rename(_ call: Call) throws(Problem) -> Answer {
        // All members are optional, so the body is too.
        var reader = BodyReader(call.body.isEmpty ? [:] : try JSONText.object(call.body))
        let name = reader.displayName("displayName", required: false)
        try reader.finish()
        let session = call.openedSession
        try session.requireLive()
        // A patch that changes nothing is answered with what is.
        guard let name else { return .now(.json(session.body)) }
        return .later(on: session) { () throws(Problem) in
            try await session.rename(name)
            return .json(session.body)
        }
    }

    private func close(_ call: Call) -> Answer {
        let session = call.openedSession
        return .later(on: session) { () throws(Problem) in
            await registry.delete(session)
            return .noContent
        }
    }

    private func reconnect(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            let isOnline = await session.reconnect()
            try session.requireLive()
            return .json(session.body, status: isOnline ? 200 : 202)
        }
    }

    private func setPresence(_ call: Call) throws(Problem) -> Answer {
        var reader = BodyReader(try JSONText.object(call.body))
        let status = reader.presence("status", required: true)
        try reader.finish()
        let session = call.openedSession
        try session.requireLive()
        guard let status else { throw Problem(.invalidRequest, "The body is not complete.") }
        return .later(on: session) { () throws(Problem) in
            try await session.setPresence(status)
            return .json(session.status.body)
        }
    }

    private func profile(_ call: Call) throws(Problem) -> Answer {
        try call.openedSession.requireLive()
        guard let profile = try call.openedSession.knownProfile() else {
            throw Problem(.notFound, "The server has sent no profile for this session.")
        }
        return .now(.json(ProfileResource(profile)).taggedPrivately())
    }
}
