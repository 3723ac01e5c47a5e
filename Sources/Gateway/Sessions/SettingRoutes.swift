import HTTPFront
import MSNP

/// What the server keeps about the account besides its lists: privacy and phone numbers.
struct SettingRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/privacy",
                [
                    "GET": Endpoint(telling: .facts(.privacy)) { call throws(Problem) in
                        try call.openedSession.requireLive()
                        return .now(.json(call.openedSession.privacy))
                    },
                    "PUT": Endpoint(body: .json, asksServer: true, limit: Session.changeLimit, run: setPrivacy),
                ]),
            Route(
                "/v1/sessions/{sid}/phones",
                [
                    "GET": Endpoint(telling: .facts(.phones)) { call throws(Problem) in
                        try call.openedSession.requireLive()
                        return .now(.json(try call.openedSession.phones()))
                    },
                    "PATCH": Endpoint(body: .patch, asksServer: true, limit: Session.changeLimit, run: changePhones),
                ]),
        ]
    }

    private func setPrivacy(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(try JSONText.object(call.body))
        let unknownContacts = reader.privacy("unknownContacts")
        let promptOnAdd = reader.requiredFlag("promptOnAdd")
        try reader.finish()
        guard let unknownContacts, let promptOnAdd else {
            throw Problem(.invalidRequest, "The body is not complete.")
        }
        try session.requireLive()
        return .later(on: session) { () throws(Problem) in
            .json(try await session.setPrivacy(unknownContacts, promptOnAdd ? .ask : .allowSilently))
        }
    }

    private func changePhones(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        var reader = BodyReader(call.body.isEmpty ? [:] : try JSONText.object(call.body))
        let edits: [PhoneEdit?] = [
            reader.phoneNumber("home").map(PhoneEdit.home),
            reader.phoneNumber("work").map(PhoneEdit.work),
            reader.phoneNumber("mobile").map(PhoneEdit.mobile),
            reader.flag("mobileMessaging").map(PhoneEdit.mobileMessaging),
        ]
        try reader.finish()
        try session.requireLive()
        let phones = try session.phones()
        let changes = edits.compactMap(\.self)
        // A patch that changes nothing is answered with what is.
        guard !changes.isEmpty else { return .now(.json(phones)) }
        return .later(on: session) { () throws(Problem) in .json(try await session.setPhones(changes)) }
    }
}
