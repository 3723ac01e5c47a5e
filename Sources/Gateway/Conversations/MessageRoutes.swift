import HTTPFront
import MSNP

/// Writing to people, and what became of it (the API's section on conversations).
struct MessageRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/messages",
                [
                    "POST": Endpoint(
                        body: .json, bodyLimit: GatewayLimits.messageBody, honoursWait: true,
                        honoursIdempotencyKey: true, asksServer: true, limit: Session.sendingLimit,
                        run: sendToPerson)
                ]),
            Route(
                "/v1/sessions/{sid}/messages/{mid}",
                [
                    "GET": Endpoint(telling: .facts(.messages)) { call throws(Problem) in
                        try call.openedSession.requireLive()
                        return .now(.json(try call.openedSession.message(call.parameter("mid"))))
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/conversations/{cid}/messages",
                [
                    "POST": Endpoint(
                        body: .json, bodyLimit: GatewayLimits.messageBody, honoursWait: true,
                        honoursIdempotencyKey: true, asksServer: true, limit: Session.sendingLimit,
                        run: sendToConversation)
                ]),
        ]
    }

    private func sendToPerson(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let account = reader.otherAccount("to", isOwn: session.isOwn)
        let draft = reader.messageDraft()
        try reader.finish()
        guard let account, let draft else { throw Problem(.invalidRequest, "The body is not complete.") }
        return try session.send(draft, to: .person(session.spelling(of: account)), call.preferences, call.act)
    }

    private func sendToConversation(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let draft = reader.messageDraft()
        try reader.finish()
        guard let draft else { throw Problem(.invalidRequest, "The body is not complete.") }
        try session.requireLive()
        let conversation = try session.conversation(call.parameter("cid")).id
        return try session.send(draft, to: .conversation(conversation), call.preferences, call.act)
    }
}
