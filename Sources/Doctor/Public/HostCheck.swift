import MSNP

/// Whether the gateway hears the name that its callers use.
struct HostCheck: Check {
    static let name = "host"

    let url: WebAddress
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard case .open(let isVerified) = visit.standing else {
            return [CheckResult(Self.name, .notTried(visit.reasonClosed))]
        }
        // As the dashboard signs in, and with nothing in it: origins are compared before bodies are looked at.
        var request = HTTPRequest("POST", "/v1/sessions")
        request.fields = [("origin", url.origin), ("content-type", "application/json")]
        request.body = Array("{}".utf8)
        request.isVerified = isVerified
        do throws(HTTPFailure) {
            return [CheckResult(Self.name, Self.judge(try await client.ask(request), url))]
        } catch {
            return [CheckResult(Self.name, .notTried("no answer came"))]
        }
    }

    /// What a call of the gateway's own page comes to.
    static func judge(_ answer: HTTPAnswer, _ url: WebAddress) -> CheckResult.Outcome {
        guard ProblemText(answer)?.code == "cross-origin" else { return .sound("the gateway hears \(url.host)") }
        let variable = url.port == nil ? "$host" : "$http_host"
        return .found(
            Finding(
                .hostChanged, of: url.host,
                seen: "a call of its own page, with Origin: \(url.origin), is 403 cross-origin",
                change: "have the proxy pass on the Host that it was asked for",
                nginx: "proxy_set_header Host \(variable);", caddy: "take header_up Host out of reverse_proxy"))
    }
}

extension Visit {
    /// Why nothing can be asked through the URL.
    var reasonClosed: String { if case .closed(let reason) = standing { reason } else { "" } }

    /// Whether secrets may go through the URL; nil with the reason otherwise.
    var reasonForNoSecrets: String? {
        switch standing {
        case .closed(let reason): reason
        case .open(isVerified: false): "nothing secret is sent where the certificate can't be believed"
        case .open(isVerified: true): nil
        }
    }
}
