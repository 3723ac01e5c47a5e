/// What a sign-in brings: a session and a new token for it.
struct SessionGrant: Sendable {
    let session: Session
    let token: Token

    struct Body: Encodable {
        let session: SessionResource
        let token: String
    }

    var body: Body { Body(session: session.resource, token: token.text) }
}
