import ByteText
import HTTPFront
import MSNP
import MSNPClient

/// What the gateway says of itself: the entry, the error catalogue, the probes.
struct SystemRoutes: Sendable {
    let configuration: GatewayConfiguration
    let backends: [Backend]
    let clock: GatewayClock
    let access: Current<AccessRules>
    /// Throws `Problem` once the gateway is shutting down, and while it can't write what happens.
    let requireReady: @Sendable () throws(Problem) -> Void

    var routes: [Route] {
        [
            Route(
                "/v1", ["GET": Endpoint(access: .everyoneAndAdmin) { call throws(Problem) in .now(entry(call)) }]),
            Route(
                "/v1/errors",
                ["GET": Endpoint(access: .everyone) { _ throws(Problem) in .now(Self.catalogue) }]),
            Route(
                "/v1/errors/{code}",
                ["GET": Endpoint(access: .everyone) { call throws(Problem) in .now(try Self.error(call)) }]),
            Route(Self.livePath, ["GET": Endpoint(access: .everyone) { _ throws(Problem) in .now(Self.live) }]),
            Route(
                Self.readyPath,
                [
                    "GET": Endpoint(access: .everyone) { _ throws(Problem) in
                        try requireReady()
                        return .now(.json(JSONMember("status", "ready")))
                    }
                ]),
        ]
    }

    static let livePath = "/livez"
    static let readyPath = "/readyz"

    private static let live = Response.json(JSONMember("status", "live"))

    private struct Entry: JSONObject {
        let version: String
        let backends: [String]
        let defaultBackend: String
        let signIn: String
        /// For an admin.
        let heldAgainst: [Restraint]?

        func writeMembers(to json: inout JSONWriter) {
            json.member("backends", backends)
            json.member("defaultBackend", defaultBackend)
            json.member("heldAgainst", heldAgainst)
            json.member("links") { json in
                json.object { json in
                    json.member("docs", DescriptionRoutes.pagePath)
                    json.member("errors", "/v1/errors")
                    json.member("live", livePath)
                    json.member("openapi", DescriptionRoutes.jsonPath)
                    json.member("problems", "/docs/problems")
                    json.member("ready", readyPath)
                    json.member("sessions", "/v1/sessions")
                }
            }
            json.member("name", "msnp-gateway")
            json.member("signIn", signIn)
            json.member("version", version)
        }
    }

    /// What a backend is not asked or not waited for.
    private struct Restraint: JSONObject {
        let backend: String
        let command: String
        let cause: String
        let until: Timestamp?

        func writeMembers(to json: inout JSONWriter) {
            json.member("backend", backend)
            json.member("cause", cause)
            json.member("command", command)
            json.member("until", until)
        }
    }

    private var restraints: [Restraint] {
        backends.flatMap { backend in
            backend.unsupportedCommands.map { unsupported in
                Restraint(
                    backend: backend.name, command: unsupported.command, cause: unsupported.cause.rawValue,
                    until: unsupported.remaining.map { clock.now.advanced(by: $0) })
            }
        }
    }

    private func entry(_ call: Call) -> Response {
        // Nobody else comes here with a key.
        let isAdmin = if case .key = call.caller { true } else { false }
        return .json(
            Entry(
                version: configuration.version, backends: configuration.backends.map(\.name),
                defaultBackend: configuration.backends[0].name, signIn: access.value.signIn.word(for: call.head),
                heldAgainst: isAdmin ? restraints : nil))
    }

    private struct Item: JSONObject {
        let code: Int
        let name: String?
        let meaning: String
        let since: String?
        let removedIn: String?
        let `class`: String
        let closes: Bool
        let laterName: String?
        let advice: String
        let disagreement: String?

        init(_ entry: ErrorEntry) {
            code = Int(entry.code.rawValue)
            name = entry.name
            meaning = entry.summary
            since = entry.since
            removedIn = entry.removedIn
            `class` = entry.errorClass.rawValue
            closes = entry.closes
            laterName = entry.laterName
            advice = entry.advice
            disagreement = entry.disagreement
        }

        func writeMembers(to json: inout JSONWriter) {
            json.member("advice", advice)
            json.member("class", `class`)
            json.member("closes", closes)
            json.member("code", code)
            json.member("disagreement", disagreement)
            json.member("laterName", laterName)
            json.member("meaning", meaning)
            json.member("name", name)
            json.member("removedIn", removedIn)
            json.member("since", since)
        }
    }

    /// Encoded once: it never changes.
    private static let catalogue = Response.json(JSONMember("errors", ErrorCatalogue.all.map(Item.init)))
        .taggedPublicly()

    private static func error(_ call: Call) throws(Problem) -> Response {
        let text = call.parameter("code")
        // 65535 is the longest.
        guard text.utf8.count <= 5, let number = UInt16(text), ASCII.equals(text, String(number)),
            let entry = ErrorCatalogue.entry(for: ErrorCode(rawValue: number))
        else { throw Problem(.notFound, "The catalogue has no error of that code.") }
        return .json(Item(entry)).taggedPublicly()
    }
}
