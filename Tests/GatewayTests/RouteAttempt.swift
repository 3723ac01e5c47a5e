@testable import Gateway

/// A call of one route that is good where its session is the caller's.
struct RouteAttempt: Sendable, CustomStringConvertible {
    let endpoint: Endpoint
    let method: String
    let template: String
    let json: String?
    private let names: [String: String]

    /// - Parameter names: of what the path names besides the session: `["{cid}": "c-1"]`.
    init(_ method: String, _ template: String, _ endpoint: Endpoint, _ names: [String: String]) {
        self.names = names
        self.endpoint = endpoint
        self.method = method
        self.template = template
        json =
            switch endpoint.body {
            case .none: nil
            case .json, .patch: Self.bodies["\(method) \(template)"] ?? "{}"
            }
    }

    var description: String { "\(method) \(template)" }

    func path(_ session: String) -> String {
        template.split(separator: "/").reduce(into: "") { path, segment in
            let values = ["{sid}": session, "{account}": "echo@example.com", "{name}": "profile", "{code}": "911"]
                .merging(names) { $1 }
            path += "/" + (values[String(segment)] ?? (segment.first == "{" ? "x" : String(segment)))
        }
    }

    /// One for each method of each route of a session.
    static func ofSessions(_ router: Router, _ names: [String: String]) -> [RouteAttempt] {
        all(router, names).filter { $0.template.contains("{sid}") }
    }

    /// One for each method of each route.
    static func all(_ router: Router, _ names: [String: String]) -> [RouteAttempt] {
        router.all.flatMap { route in
            route.endpoints.sorted { $0.key < $1.key }.flatMap { method, endpoint in
                (method == "GET" ? ["GET", "HEAD"] : [method]).map {
                    RouteAttempt($0, route.template, endpoint, names)
                }
            }
        }
    }

    /// Where `{}` would be refused.
    private static let bodies = [
        "POST /v1/sessions": #"{"account":"carol@example.com","password":"sandbox"}"#,
        "POST /v1/sandbox/faults": #"{"fault":"cutConnection","account":"dave@example.com"}"#,
        "PATCH /v1/sessions/{sid}": #"{"displayName":"Mallory"}"#,
        "PUT /v1/sessions/{sid}/presence": #"{"status":"busy"}"#,
        "PATCH /v1/sessions/{sid}/contacts/{account}": #"{"blocked":true}"#,
        "PUT /v1/sessions/{sid}/privacy": #"{"unknownContacts":"block","promptOnAdd":true}"#,
        "PATCH /v1/sessions/{sid}/phones": #"{"home":"1"}"#,
        "POST /v1/sessions/{sid}/messages": #"{"to":"bob@example.com","text":"hi"}"#,
        "POST /v1/sessions/{sid}/conversations": #"{"participants":["bob@example.com"]}"#,
        "POST /v1/sessions/{sid}/conversations/{cid}/messages": #"{"text":"hi"}"#,
        "POST /v1/sessions/{sid}/conversations/{cid}/participants": #"{"account":"carol@example.com"}"#,
        "POST /v1/sessions/{sid}/directory/search": #"{"lastName":"Smith"}"#,
        "POST /v1/sessions/{sid}/invitations": #"{"email":"zoe@example.com"}"#,
        "POST /v1/webhooks": #"{"url":"https://example.com/hook"}"#,
        "PATCH /v1/webhooks/{id}": #"{"enabled":false}"#,
        "POST /v1/webhooks/{id}/replay": #"{"after":"oldest"}"#,
        "POST /v1/sessions/{sid}/pages": #"{"to":"echo@example.com","text":"hi"}"#,
    ]
}
