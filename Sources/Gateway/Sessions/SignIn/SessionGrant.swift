/// What a sign-in brings: a session and a new token for it.
struct SessionGrant: Sendable {
    let session: Session
    let token: Token

    struct Body: JSONObject {
        let session: SessionResource
        let token: String

        func writeMembers(to json: inout JSONWriter) {
            json.member("session", session)
            json.member("token", token)
        }
    }

    var body: Body { Body(session: session.resource, token: token.text) }
}
