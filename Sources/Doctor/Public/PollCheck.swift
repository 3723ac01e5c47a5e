/// Whether what stands before the gateway holds a poll for as long as one may wait.
struct PollCheck: Check {
    static let name = "poll"
    /// Seconds that a poll's answer may be late.
    private static let grace = 8
    /// Seconds by which it may be early: the gateway counts from when the request has come.
    private static let early = 0.5

    /// Seconds.
    let patience: Int
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let reader = visit.reader else { return [CheckResult(Self.name, .notTried(visit.unread))] }
        let from = reader.session == nil ? "now" : reader.cursor
        var request = reader.request(
            "GET", "\(reader.events)?after=\(from)&types=\(EventReader.rarestEvent)&wait=\(patience)")
        request.patience = patience + Self.grace
        do throws(HTTPFailure) {
            return [CheckResult(Self.name, Self.judge(try await client.ask(request), patience))]
        } catch {
            return [CheckResult(Self.name, Self.judge(error, patience))]
        }
    }

    /// What an answer comes to.
    static func judge(_ answer: HTTPAnswer, _ patience: Int) -> CheckResult.Outcome {
        let code = ProblemText(answer)?.code
        if answer.status == 200, !answer.isCut {
            guard answer.seconds + early >= Double(patience) else {
                return .notTried("the poll was answered after \(seconds(answer.seconds)), as something happened")
            }
            return .sound("waits \(patience) s")
        }
        guard code == nil || answer.isCut else {
            return .notTried("the poll is \(ProblemText.said(answer))")
        }
        return .found(
            finding(
                "a poll of \(patience) s is \(ProblemText.said(answer))"
                    + "\(answer.isCut ? ", cut off," : "") after \(seconds(answer.seconds))"))
    }

    /// What no answer at all comes to.
    static func judge(_ failure: HTTPFailure, _ patience: Int) -> CheckResult.Outcome {
        switch failure {
        case .closed(let time):
            .found(finding("the connection of a poll of \(patience) s closes after \(seconds(time))"))
        case .timedOut(let time):
            .found(finding("a poll of \(patience) s has no answer after \(seconds(time))"))
        case .unresolved, .refused, .certificate, .tls, .unavailable: .notTried("no answer came")
        }
    }

    private static func finding(_ evidence: String) -> Finding {
        Finding(
            .proxyTimeout, seen: evidence,
            change: "have the proxy wait 75 s for an answer; until then clients have to ask for less (wait=20)",
            nginx: "proxy_read_timeout 75s;",
            caddy: "reverse_proxy 127.0.0.1:8080 { transport http { response_header_timeout 75s } }")
    }

    private static func seconds(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10) s" }
}
