import HTTPFront
import MSNP

/// Conversations: listing, opening, leaving, bringing people in, typing.
struct ConversationRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/conversations",
                [
                    "GET": Endpoint(telling: .facts(.conversations)) { call throws(Problem) in
                        try call.openedSession.requireLive()
                        return .now(.json(JSONMember("conversations", call.openedSession.conversations)))
                    },
                    "POST": Endpoint(body: .json, asksServer: true, run: open),
                ]),
            Route(
                "/v1/sessions/{sid}/conversations/{cid}",
                [
                    "GET": Endpoint(telling: .facts(.conversations)) { call throws(Problem) in
                        try call.openedSession.requireLive()
                        return .now(.json(try call.openedSession.conversation(call.parameter("cid")).resource))
                    },
                    "DELETE": Endpoint(produces: [], asksServer: true, run: leave),
                ]),
            Route(
                "/v1/sessions/{sid}/conversations/{cid}/participants",
                ["POST": Endpoint(body: .json, asksServer: true, run: invite)]),
            Route(
                "/v1/sessions/{sid}/conversations/{cid}/typing",
                ["POST": Endpoint(produces: [], asksServer: true, run: type)]),
        ]
    }

    private func open(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let accounts = reader.accounts("participants", isOwn: session.isOwn)
        try reader.finish()
        guard let accounts else { throw Problem(.invalidRequest, "The body is not complete.") }
        try session.requireOnline()
        return answer(session, .open(accounts.map(session.spelling)))
    }

    private func invite(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let account = reader.otherAccount("account", isOwn: session.isOwn)
        try reader.finish()
        guard let account else { throw Problem(.invalidRequest, "The body is not complete.") }
        try session.requireLive()
        let conversation = try session.conversation(call.parameter("cid")).id
        try session.requireOnline()
        return answer(session, .invite(session.spelling(of: account), into: conversation))
    }

    private func answer(_ session: Session, _ request: ConversationRequest) -> Answer {
        .later(on: session) { () throws(Problem) in
            let (conversation, isNew) = try await session.converse(request)
            var response = Response.json(conversation, status: isNew ? 201 : 200)
            response.set("Location", "/v1/sessions/\(session.id)/conversations/\(conversation.id)")
            return response
        }
    }

    private func leave(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        let name = call.parameter("cid")
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            try await session.leave(name)
            return .noContent
        }
    }

    private func type(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        try session.requireLive()
        let conversation = try session.conversation(call.parameter("cid")).id
        try session.requireOnline()
        return .later(on: session) { () throws(Problem) in
            await session.type(in: conversation)
            return .noContent
        }
    }
}
