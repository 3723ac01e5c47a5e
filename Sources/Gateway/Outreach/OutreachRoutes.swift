import HTTPFront
import MSNP

/// Reaching people who are not there: the directory, invitations by mail, mobile pages (docs/protocol.md#outreach).
struct OutreachRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/directory/search",
                ["POST": Endpoint(body: .json, asksServer: true, telling: .facts(.life), run: search)]),
            Route(
                "/v1/sessions/{sid}/invitations",
                [
                    "POST": Endpoint(
                        body: .json, produces: [], honoursIdempotencyKey: true, asksServer: true, run: invite)
                ]),
            Route(
                "/v1/sessions/{sid}/pages",
                ["POST": Endpoint(body: .json, honoursIdempotencyKey: true, asksServer: true, run: page)]),
        ]
    }

    private func search(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let query = reader.directoryQuery()
        try reader.finish()
        guard let query else { throw Self.incomplete }
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in .json(JSONMember("people", try await session.search(query)))
        }
    }

    private func invite(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let recipient = reader.account("email")
        let text = reader.invitationText("text")
        try reader.finish()
        guard let recipient else { throw Self.incomplete }
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            try await session.invite(recipient, text: text, call.act)
            return Response(status: 202)
        }
    }

    private func page(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let recipient = reader.account("to")
        let page = reader.page()
        try reader.finish()
        guard let recipient, let page else { throw Self.incomplete }
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            .json(JSONMember("page", try await session.page(recipient, page, call.act)), status: 202)
        }
    }

    private static let incomplete = Problem(.invalidRequest, "The body is not complete.")
}
