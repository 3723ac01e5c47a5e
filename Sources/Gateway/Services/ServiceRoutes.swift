import ByteText
import Encodings
import HTTPFront
import MSNP
import MSNPClient

/// The web services behind `URL`, and the form that signs in there (docs/protocol.md#services).
struct ServiceRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/services",
                ["GET": Endpoint(telling: .facts(.life)) { call throws(Problem) in .now(try list(call)) }]),
            Route(
                "/v1/sessions/{sid}/services/{name}",
                [
                    // Where a service is, and the ticket of a form, are the server's to say and in no state.
                    "GET": Endpoint(query: ["lcid", "to"], asksServer: true, telling: .facts(.life), run: ask)
                ]),
            Route(
                "/v1/sessions/{sid}/services/{name}/form",
                [
                    "POST": Endpoint(
                        produces: ["application/json", "text/html"], query: ["lcid", "to"], asksServer: true,
                        telling: .facts(.life), run: form)
                ]),
        ]
    }

    private struct Item: JSONObject {
        let name: String
        let since: String
        let takes: [String]

        func writeMembers(to json: inout JSONWriter) {
            json.member("name", name)
            json.member("since", since)
            json.member("takes", takes)
        }
    }

    private struct Location: JSONObject {
        let service: String
        let redirectUrl: String?
        let redirectKind: String?
        let loginUrl: String?
        let siteId: UInt32?
        let available: Bool

        init(_ service: Service, _ location: ServiceLocation) {
            self.service = service.rawValue
            available = location.available
            // What is no usable address is nothing to follow.
            redirectUrl = available ? location.redirect : nil
            redirectKind = available ? location.redirectKind?.rawValue : nil
            loginUrl = available ? location.login : nil
            siteId = location.siteID
        }

        func writeMembers(to json: inout JSONWriter) {
            json.member("available", available)
            json.member("loginUrl", loginUrl)
            json.member("redirectKind", redirectKind)
            json.member("redirectUrl", redirectUrl)
            json.member("service", service)
            json.member("siteId", siteId)
        }
    }

    private struct Form: JSONObject {
        let action: String
        let fields: [String: String]

        func writeMembers(to json: inout JSONWriter) {
            json.member("action", action)
            json.member("fields") { json in
                json.object { json in
                    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { json.member(name, value) }
                }
            }
            json.member("method", "POST")
        }
    }

    private func list(_ call: Call) throws(Problem) -> Response {
        try call.openedSession.requireLive()
        // Before the dialect is agreed on nothing is known to be there.
        let dialect = call.openedSession.dialect
        let services = Service.allCases.filter { service in dialect.map { service.since <= $0 } ?? false }
        return .json(
            JSONMember(
                "services",
                services.map { service in
                    let takes: [String] =
                        switch service.parameter {
                        case .none: []
                        case .lcid: ["lcid"]
                        case .address: ["to"]
                        }
                    return Item(name: service.rawValue, since: service.since.name, takes: takes)
                }))
    }

    private func ask(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        let (service, parameter) = try request(call)
        return .later(on: session) { () throws(Problem) in
            .json(Location(service, try await session.service(service, parameter: parameter)))
        }
    }

    private func form(_ call: Call) throws(Problem) -> Answer {
        let session = call.openedSession
        let (service, parameter) = try request(call)
        return .later(on: session) { () throws(Problem) in
            let location = try await session.service(service, parameter: parameter)
            guard location.available, let address = location.loginAddress else {
                throw Problem(.serviceUnavailable, "The server gave no usable address for the service.")
            }
            guard address.isSecure, session.backend.configuration.loginHosts.contains(address.host) else {
                throw Problem(
                    .loginHostNotAllowed,
                    "The form is made from the password, and \(address.origin) is not among the backend's login hosts.")
            }
            guard let form = session.form(for: location, service) else {
                throw Problem(.serviceUnavailable, "The server has sent no ticket that a form could be made of.")
            }
            return call.mediaType == "text/html"
                ? FormPage.response(form, service)
                : .json(
                    Form(
                        action: form.action,
                        fields: Dictionary(form.fields.map { ($0.name, $0.value) }) { first, _ in first }))
        }
    }

    /// The service of the path and the one parameter that it takes, checked.
    private func request(_ call: Call) throws(Problem) -> (Service, String?) {
        let session = call.openedSession
        guard let service = Self.services[call.parameter("name")] else {
            throw Problem(.notFound, "There is no service of that name.")
        }
        try session.requireLive()
        let lcid = try call.query["lcid"].map(Self.lcid)
        let to = try call.query["to"].map { text throws(Problem) in
            do {
                return try Handle(validating: String(text)).spelling
            } catch {
                throw Problem(.invalidRequest, "The query parameter to has to look like name@domain.")
            }
        }
        switch service.parameter {
        case .none:
            guard lcid == nil else { throw unused("lcid", service) }
            guard to == nil else { throw unused("to", service) }
            return (service, nil)
        case .lcid:
            guard to == nil else { throw unused("to", service) }
            return (service, Self.wire(lcid ?? session.profile?.languagePreference ?? Self.usualLanguage))
        case .address:
            guard lcid == nil else { throw unused("lcid", service) }
            return (service, to)
        }
    }

    private static let services = Words(Service.allCases, \.rawValue)

    private func unused(_ parameter: String, _ service: Service) -> Problem {
        Problem(.invalidRequest, "The service \(service.rawValue) does not take the query parameter \(parameter).")
    }

    /// English of the United States, when the profile names no language.
    private static let usualLanguage: UInt32 = 1033

    /// `0x0409` or `1033`; a language is a 16-bit number.
    private static func lcid(_ text: Substring) throws(Problem) -> UInt32 {
        let isHexadecimal = ASCII.equalsFolded(Substring(text.utf8.prefix(2)), "0x")
        let digits = isHexadecimal ? text.utf8.dropFirst(2) : text.utf8
        // No sign: the digits alone.
        guard (1...5).contains(digits.count), digits.allSatisfy({ Hexadecimal.value(of: $0) != nil }),
            let value = UInt32(Substring(digits), radix: isHexadecimal ? 16 : 10), value <= 0xFFFF
        else { throw Problem(.invalidRequest, "The query parameter lcid has to be like 0x0409 or 1033.") }
        return value
    }

    /// As the wire has it: four digits after `0x` (docs/protocol.md#service-names).
    private static func wire(_ lcid: UInt32) -> String {
        "0x" + Hexadecimal.padded(lcid & 0xFFFF, to: 4)
    }
}

/// The Passport form as a page with a button: nothing is sent before a person has seen to whom
/// (docs/protocol.md#passport-form).
enum FormPage {
    static func response(_ form: PassportForm, _ service: Service) -> Response {
        let fields = form.fields.map { field in
            "<input type=\"hidden\" name=\"\(HTML.escaped(field.name))\" value=\"\(HTML.escaped(field.value))\">"
        }
        let host = HTML.escaped(form.address.host)
        return HTML.page(
            title: "Sign in at \(form.address.host)",
            body: """
                <h1>Go on to \(HTML.escaped(service.rawValue))</h1>
                <p>The button signs you in at <strong>\(host)</strong> with a value made from your password.</p>
                <form method="post" action="\(HTML.escaped(form.action))">
                \(fields.joined(separator: "\n"))
                <p><button type="submit">Sign in at \(host)</button></p>
                </form>
                """,
            formAction: form.address.origin)
    }
}
