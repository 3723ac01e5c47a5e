import ByteText
import HTTPFront
import MSNP

/// Everybody on any list: reading, adding, accepting, blocking, removing.
struct ContactRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/contacts",
                [
                    "GET": Endpoint(query: ["list", "status", "pending"], telling: .facts(.contacts)) {
                        call throws(Problem) in .now(try list(call))
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/contacts/{account}",
                [
                    "GET": Endpoint(telling: .facts(.contacts), run: read),
                    "PUT": Endpoint(body: .json, asksServer: true, limit: Session.changeLimit, run: add),
                    "PATCH": Endpoint(body: .patch, asksServer: true, limit: Session.changeLimit, run: change),
                    "DELETE": Endpoint(produces: [], asksServer: true, limit: Session.changeLimit, run: remove),
                ]),
        ]
    }

    private func list(_ call: Call) throws(Problem) -> Response {
        try call.openedSession.requireLive()
        let list = try call.query.word("list", from: Self.lists)
        let status = try call.query.word("status", from: Presence.visible)
        let pending = try call.query.flag("pending")
        guard list != nil || status != nil || pending != nil else {
            let body = call.openedSession.contactsBody
            return .json(body.bytes).taggedPrivately(body.tag)
        }
        let wanted = call.openedSession.contacts { contact in
            (list.map { contact.lists.contains(ListMembership($0)) } ?? true)
                && (status.map { contact.presence == $0 } ?? true)
                && (pending.map { contact.isPending == $0 } ?? true)
        }
        return .json(JSONMember("contacts", wanted)).taggedPrivately()
    }

    private func read(_ call: Call) throws(Problem) -> Answer {
        // Servers list accounts that are none by the rules: whatever is no longer than one is looked for.
        let account = call.parameter("account")
        try call.openedSession.requireLive()
        guard account.utf8.count <= WireLimits.handle else { throw Self.invalidAccount(.tooLong) }
        guard DisplayText.isFit(account) else {
            throw Problem(.invalidRequest, "An account has no control characters.")
        }
        guard let contact = call.openedSession.contact(account) else { throw Self.onNoList }
        return .now(.json(contact).taggedPrivately())
    }

    private func add(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(call.body.isEmpty ? [:] : try JSONText.object(call.body))
        let name = reader.displayName("displayName", required: false)
        try reader.finish()
        let account = try Self.account(call)
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            let edited = try await session.edit(.add(name), of: account)
            guard !edited.wasForward else { return try Self.response(edited) }
            var response = try Self.response(edited, status: 201)
            let segment = PathSegments.encode(edited.contact?.account ?? account.spelling)
            response.set("Location", "/v1/sessions/\(session.id)/contacts/\(segment)")
            return response
        }
    }

    private func change(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(call.body.isEmpty ? [:] : try JSONText.object(call.body))
        let blocked = reader.flag("blocked")
        let allowed = reader.flag("allowed")
        if blocked != nil, allowed != nil { reader.refuse("allowed", "can't be changed together with blocked") }
        if allowed == false { reader.refuse("allowed", "can only be true; to turn somebody away, set blocked") }
        try reader.finish()
        let account = try Self.account(call)
        try session.requireLive()
        let intent: ContactEdit.Intent
        switch (blocked, allowed) {
        case (true?, _): intent = .block
        case (false?, _): intent = .unblock
        case (nil, _?): intent = .accept
        case (nil, nil): return try read(call)
        }
        return .later(on: session) { () throws(Problem) in
            try Self.response(try await session.edit(intent, of: account))
        }
    }

    private func remove(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        let account = try Self.account(call)
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            _ = try await session.edit(.remove, of: account)
            return .noContent
        }
    }

    /// The contact as it is after an edit; no `ETag`, as what was sent is not what is kept (RFC 9110, 9.3.4).
    private static func response(_ edited: Session.EditedContact, status: Int = 200) throws(Problem) -> Response {
        guard let contact = edited.contact else { throw onNoList }
        var response = Response.json(contact, status: status)
        response.set("Cache-Control", "private, no-cache")
        return response
    }

    private static let onNoList = Problem(.contactNotFound, "That account is on none of the session's lists.")

    /// The account of the path, which can be sent to a server and is not the session's own.
    private static func account(_ call: Call) throws(Problem) -> Handle {
        let account: Handle
        do {
            account = try Handle(validating: call.parameter("account"))
        } catch {
            throw invalidAccount(error)
        }
        guard !call.openedSession.isOwn(account) else {
            throw Problem(.invalidRequest, "The path's account is the session's own.")
        }
        return account
    }

    private static func invalidAccount(_ error: HandleError) -> Problem {
        Problem(.invalidRequest, "The path's account \(BodyReader.fault(error)).")
    }

    private static let lists = Words(ListName.allCases, \.word)
}
