import MSNP

/// Whether pages of other origins that should may call the gateway.
struct SharingCheck: Check {
    static let name = "CORS"

    let origins: [String]
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard case .open(let isVerified) = visit.standing else {
            return [CheckResult(Self.name, .notTried(visit.reasonClosed))]
        }
        guard !origins.isEmpty else {
            return [CheckResult(Self.name, .notTried("no origin is named (--origin), and corsOrigins has none"))]
        }
        var results: [CheckResult] = []
        for origin in origins {
            var preflight = HTTPRequest("OPTIONS", "/v1/sessions")
            preflight.fields = [
                ("origin", origin), ("access-control-request-method", "POST"),
                ("access-control-request-headers", "authorization,content-type"),
            ]
            preflight.isVerified = isVerified
            var call = HTTPRequest("GET", "/v1")
            call.fields = [("origin", origin)]
            call.isVerified = isVerified
            do throws(HTTPFailure) {
                let answers = (try await client.ask(preflight), try await client.ask(call))
                results.append(
                    CheckResult(
                        Self.name, of: origin, Self.judge(origin, preflight: answers.0, call: answers.1)))
            } catch {
                results.append(CheckResult(Self.name, of: origin, .notTried("no answer came")))
            }
        }
        return results
    }

    /// What a browser would make of the answers.
    static func judge(_ origin: String, preflight: HTTPAnswer, call: HTTPAnswer) -> CheckResult.Outcome {
        let said = [preflight, call].map { answer in answer.fields.filter { $0.name == "access-control-allow-origin" } }
        let isAllowed = said.map { $0.count == 1 && ($0[0].value == origin || $0[0].value == "*") }
        let methods = preflight.value(of: "access-control-allow-methods")?.lowercased().contains("post") == true
        let fields = preflight.value(of: "access-control-allow-headers")?.lowercased().contains("authorization") == true
        if isAllowed == [true, true], methods, fields, (200..<300).contains(preflight.status) { return .sound(nil) }
        let evidence: String
        var remedy = "add \(origin) to corsOrigins"
        var (nginx, caddy): (String?, String?)
        if said.contains(where: { $0.count > 1 }) {
            evidence = "Access-Control-Allow-Origin comes twice, which browsers refuse"
            remedy = "let the gateway alone say it"
            (nginx, caddy) = (
                "no add_header Access-Control-… in the location", "no header Access-Control-… for the site"
            )
        } else if !(200..<300).contains(preflight.status) {
            evidence = "a preflight (OPTIONS /v1/sessions) is \(ProblemText.said(preflight))"
            remedy = "have the proxy pass OPTIONS on, and " + remedy
            (nginx, caddy) = ("no limit_except, and no return for OPTIONS, in the location", "no respond for OPTIONS")
        } else {
            evidence =
                "no Access-Control-Allow-Origin for it in the answer to a "
                + (isAllowed[0] ? "call" : "preflight (OPTIONS /v1/sessions)")
            remedy += "; where it is there, have the proxy pass the field on"
            (nginx, caddy) = ("no proxy_hide_header Access-Control-…", "no header_down -Access-Control-…")
        }
        return .found(Finding(.corsMissing, of: origin, seen: evidence, change: remedy, nginx: nginx, caddy: caddy))
    }
}
