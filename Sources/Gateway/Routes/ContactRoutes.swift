import HTTPFront
import MSNP

/// Everybody on any list, to read.
struct ContactRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/contacts",
                [
                    "GET": Endpoint(query: ["list", "status", "pending"]) { call throws(Problem) in
                        .ready(try list(call).taggedPrivately())
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/contacts/{account}",
                [
                    "GET": Endpoint { call throws(Problem) in
                        let account = call.parameter("account")
                        try call.openedSession.requireLive()
                        guard DisplayText.sanitized(account) == account else {
                            throw Problem(.invalidRequest, "An account has no control characters.")
                        }
                        guard let contact = call.openedSession.contact(account) else {
                            throw Problem(.contactNotFound, "That account is on none of the session's lists.")
                        }
                        return .ready(.json(ContactResource(contact)).taggedPrivately())
                    }
                ]),
        ]
    }

    private func list(_ call: Call) throws(Problem) -> Response {
        try call.openedSession.requireLive()
        let list = try Self.choice(call.query["list"], "list", from: ListName.allCases, \.word)
        let status = try Self.choice(
            call.query["status"], "status", from: Presence.allCases.filter { $0 != .appearOffline }, \.name)
        let pending = try call.query.flag("pending")
        guard list != nil || status != nil || pending != nil else { return .json(call.openedSession.contactsBody) }
        let chosen = call.openedSession.contacts.filter { contact in
            (list.map { contact.lists.contains(ListMembership($0)) } ?? true)
                && (status.map { contact.presence == $0 } ?? true)
                && (pending.map { contact.isPending == $0 } ?? true)
        }
        return .json(Session.ContactList(contacts: chosen.map(ContactResource.init)))
    }

    private static func choice<Value>(
        _ text: String?, _ name: String, from all: [Value], _ word: (Value) -> String
    ) throws(Problem) -> Value? {
        guard let text else { return nil }
        guard let value = all.first(where: { word($0) == text }) else {
            let words = all.map(word).joined(separator: ", ")
            throw Problem(.invalidRequest, "The query parameter \(name) has to be one of: \(words).")
        }
        return value
    }
}
