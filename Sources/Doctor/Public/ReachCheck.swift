import FoundationEssentials
import MSNP

/// Whether the gateway answers at the URL, over a connection that can be trusted.
struct ReachCheck: Check {
    static let name = "URL"
    /// Seconds of a certificate's life that are left when it becomes a finding: two weeks, which automatic renewal never lets
    /// pass.
    static let soon: Int64 = 14 * 86_400

    let url: WebAddress?
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let url else {
            return [
                CheckResult(Self.name, .notTried("there is none; name it behind the command, as https://msn.example"))
            ]
        }
        var request = HTTPRequest("GET", "/v1")
        var findings: [Finding] = []
        do throws(HTTPFailure) {
            return take(try await client.ask(request), url, findings, isVerified: true, &visit)
        } catch {
            guard case .certificate(let fault) = error else { return fail(error, url, &visit) }
            // What has no secret is looked at all the same.
            request.isVerified = false
            let answer = try? await client.ask(request)
            findings.append(Self.judge(fault, end: answer?.certificateEnd, of: url))
            guard let answer else {
                visit.standing = .closed("there is no connection to be had")
                return [CheckResult(Self.name, of: url.origin, .found(findings))]
            }
            return take(answer, url, findings, isVerified: false, &visit)
        }
    }

    private func fail(_ failure: HTTPFailure, _ url: WebAddress, _ visit: inout Visit) -> [CheckResult] {
        visit.standing = .closed("the URL can't be reached")
        if case .unavailable(let reason) = failure {
            visit.standing = .closed("requests can't be made: \(reason)")
            return [CheckResult(Self.name, of: url.origin, .notTried(reason))]
        }
        return [CheckResult(Self.name, of: url.origin, .found(Self.judge(failure, of: url)))]
    }

    private func take(
        _ answer: HTTPAnswer, _ url: WebAddress, _ before: [Finding], isVerified: Bool, _ visit: inout Visit
    ) -> [CheckResult] {
        let findings = before + Self.judge(answer, of: url, at: answer.time)
        let isGateway = !findings.contains { $0.kind == .notGateway || $0.kind == .hostRefused }
        visit.standing =
            isGateway ? .open(isVerified: isVerified) : .closed("the gateway does not answer there")
        visit.first = answer
        visit.signIn = GatewayEntry(answer)?.signIn
        return [
            CheckResult(
                Self.name, of: url.origin,
                .judged(findings, sound: GatewayEntry(answer).map { "msnp-gateway \($0.version)" }))
        ]
    }

    /// What an answer to `GET /v1` comes to.
    static func judge(_ answer: HTTPAnswer, of url: WebAddress, at now: Int64) -> [Finding] {
        var findings: [Finding] = []
        if !url.isSecure, !url.isLoopback {
            findings.append(
                Finding(
                    .tlsMissing, of: url.origin, seen: "the URL begins with http:, and is not this machine's own",
                    change: "have the proxy speak TLS, and send plain HTTP to it",
                    nginx: "listen 443 ssl; ssl_certificate …; ssl_certificate_key …;",
                    caddy: "\(url.host) { reverse_proxy 127.0.0.1:8080 }"))
        }
        if let end = answer.certificateEnd, end > now, end - now < soon {
            findings.append(
                Finding(
                    .tlsExpiresSoon, of: url.origin,
                    seen: "it ends at \(WallTime.text(end)), in \((end - now) / 86_400) days",
                    change: "renew it, and see why nobody has"))
        }
        if answer.status == 421, ProblemText(answer)?.code == "misdirected-host" {
            findings.append(
                Finding(
                    .hostRefused, of: url.host, seen: "GET /v1 is 421 misdirected-host",
                    change: "add \(url.host) to publicHosts"))
        } else if let other = Self.origin(sentTo: answer), other != url.origin {
            findings.append(
                Finding(
                    .notGateway, of: url.origin,
                    seen: "GET /v1 is \(answer.status)\(server(answer)), and leads to \(other)",
                    change: "name \(other), here and to clients: they follow nobody elsewhere with a credential"))
        } else if GatewayEntry(answer) == nil {
            findings.append(
                Finding(
                    .notGateway, of: url.origin, seen: "GET /v1 is \(answer.status)" + server(answer),
                    change: (502...504).contains(answer.status)
                        ? "start the gateway, and have the proxy ask at the address of its setting listen"
                        : "have the proxy pass everything at this name to the gateway, paths as they are",
                    nginx: "proxy_pass http://127.0.0.1:8080;", caddy: "reverse_proxy 127.0.0.1:8080"))
        }
        return findings
    }

    /// What no answer at all comes to.
    static func judge(_ failure: HTTPFailure, of url: WebAddress) -> Finding {
        let evidence =
            switch failure {
            case .unresolved: "nobody knows an address of \(url.host)"
            case .refused: "nobody listens there"
            case .timedOut(let seconds): "nothing comes within \(Int(seconds)) s"
            case .closed: "the connection closes without an answer"
            case .certificate, .tls, .unavailable: "there is no TLS connection"
            }
        if failure == .tls {
            return Finding(
                .tlsFailed, of: url.origin, seen: "the other side speaks no TLS, or none of 1.2 and later",
                change: "have the proxy speak TLS at that port", nginx: "listen 443 ssl;")
        }
        return Finding(
            .unreachable, of: url.origin, seen: evidence,
            change: "start the proxy, open the port in the firewall, and see that the name leads there")
    }

    /// What a certificate comes to.
    ///
    /// - Parameter end: when it expires, in seconds since 1970; nil where that is not known.
    static func judge(_ fault: CertificateFault, end: Int64?, of url: WebAddress) -> Finding {
        let when = end.map { "; it ends at \(WallTime.text($0))" } ?? ""
        let lines = (
            nginx: "ssl_certificate … and ssl_certificate_key …; then nginx -s reload",
            caddy: "none: Caddy renews by itself, where port 80 or 443 is reached from outside"
        )
        switch fault {
        case .expired:
            return Finding(
                .tlsExpired, of: url.origin, seen: "it has expired" + when, change: "renew it",
                nginx: lines.nginx, caddy: lines.caddy)
        case .notYetValid:
            return Finding(
                .tlsExpired, of: url.origin, seen: "it is not valid yet" + when,
                change: "set the clocks right, or use one that is valid", nginx: lines.nginx)
        case .otherName:
            return Finding(
                .tlsName, of: url.origin, seen: "it does not name \(url.host)",
                change: "use one that names \(url.host)", nginx: lines.nginx, caddy: "\(url.host) { … }")
        case .untrusted:
            return Finding(
                .tlsUntrusted, of: url.origin, seen: "nobody vouches for it who is trusted on this machine",
                change:
                    "send the whole chain, not the server's certificate alone; for an authority of your own say --authorities",
                nginx: "ssl_certificate fullchain.pem;")
        }
    }

    /// Where a redirect leads; nil where it is none, or leads to no address that can be named.
    private static func origin(sentTo answer: HTTPAnswer) -> String? {
        guard (300..<400).contains(answer.status) else { return nil }
        return answer.value(of: "location").flatMap(WebAddress.init(parsing:))?.origin
    }

    /// Who answered, if they say so.
    static func server(_ answer: HTTPAnswer) -> String {
        answer.value(of: "server").map { ", from \(DisplayText.sanitized(String($0.prefix(40))))" } ?? ""
    }
}

extension WebAddress {
    /// Whether it is this machine's own.
    var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") }
}

/// What is read of `GET /v1`.
struct GatewayEntry: Decodable {
    let name: String
    let version: String
    let signIn: String

    /// Nil where the answer is no gateway's.
    init?(_ answer: HTTPAnswer) {
        guard answer.status == 200, let entry = try? JSONDecoder().decode(Self.self, from: Data(answer.body)),
            entry.name == "msnp-gateway", entry.version.utf8.count <= 40
        else { return nil }
        self = entry
    }
}

/// What is read of a problem document: its code, never what it says in words.
struct ProblemText: Decodable {
    let code: String

    /// Nil where the answer has none.
    init?(_ answer: HTTPAnswer) {
        guard let problem = try? JSONDecoder().decode(Self.self, from: Data(answer.body)),
            problem.code.utf8.count <= 40,
            problem.code.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self = problem
    }

    /// The status, and the code where there is one.
    static func said(_ answer: HTTPAnswer) -> String {
        "\(answer.status)" + (ProblemText(answer).map { " \($0.code)" } ?? "") + ReachCheck.server(answer)
    }
}
