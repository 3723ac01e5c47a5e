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
    /// False once the gateway is shutting down.
    let isReady: @Sendable () -> Bool

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
                        guard isReady() else { throw SignInService.shuttingDown }
                        return .now(.json(Probe(status: "ready")))
                    }
                ]),
        ]
    }

    static let livePath = "/livez"
    static let readyPath = "/readyz"

    private static let live = Response.json(Probe(status: "live"))

    private struct Probe: Encodable {
        let status: String
    }

    private struct Entry: Encodable {
        let name = "msnp-gateway"
        let version: String
        let backends: [String]
        let defaultBackend: String
        let signIn: String
        let links = [
            "sessions": "/v1/sessions", "errors": "/v1/errors", "problems": "/docs/problems", "live": livePath,
            "ready": readyPath, "docs": DescriptionRoutes.pagePath, "openapi": DescriptionRoutes.jsonPath,
        ]
        /// For an admin.
        let heldAgainst: [Restraint]?
    }

    /// What a backend is not asked or not waited for.
    private struct Restraint: Encodable {
        let backend: String
        let command: String
        let cause: String
        let until: Timestamp?
    }

    private var restraints: [Restraint] {
        backends.flatMap { backend in
            backend.restraints.map { restraint in
                Restraint(
                    backend: backend.name, command: restraint.command, cause: restraint.cause.rawValue,
                    until: restraint.remaining.map { clock.now.advanced(by: $0) })
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

    private struct Catalogue: Encodable {
        let errors: [Item]
    }

    private struct Item: Encodable {
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
    }

    /// Encoded once: it never changes.
    private static let catalogue = Response.json(Catalogue(errors: ErrorCatalogue.all.map(Item.init)))
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
