/// Whether the events of a stream come through as they happen.
///
/// A session that was opened for it has the events of its sign-in. A feed may have none, but the comment that a silent stream
/// has every 15 s.
struct StreamCheck: Check {
    static let name = "stream"
    /// Seconds for something that is there already.
    private static let atOnce = 8
    /// Seconds for a comment.
    private static let heartbeat = 20

    /// Seconds.
    let patience: Int
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let reader = visit.reader else { return [CheckResult(Self.name, .notTried(visit.unread))] }
        // Small pieces, which a proxy that keeps things back keeps: with all events it might have enough of them to go on.
        let from = reader.session == nil ? "now" : "oldest&types=session.state"
        var request = reader.request("GET", "\(reader.stream)?after=\(from)")
        request.endsWithFirstPiece = true
        request.patience = min(patience, reader.session == nil ? Self.heartbeat : Self.atOnce)
        let isCertain = reader.session.map { !$0.wasThere } ?? (request.patience >= Self.heartbeat)
        do throws(HTTPFailure) {
            let answer = try await client.ask(request)
            return [CheckResult(Self.name, Self.judge(answer, isCertain: isCertain, request.patience))]
        } catch {
            return [CheckResult(Self.name, Self.judge(error))]
        }
    }

    /// What a stream comes to.
    ///
    /// - Parameter isCertain: whether something has to have come within those seconds.
    static func judge(_ answer: HTTPAnswer, isCertain: Bool, _ patience: Int) -> CheckResult.Outcome {
        guard answer.status == 200 else {
            guard ProblemText(answer) == nil else { return .notTried("the stream is \(ProblemText.said(answer))") }
            return .found(finding("a stream is \(ProblemText.said(answer))"))
        }
        if !answer.body.isEmpty { return .sound("the first event comes after \(Int(answer.seconds * 1_000)) ms") }
        guard isCertain else {
            return .notTried(
                "nothing had happened within \(patience) s; with a test account (--account) something can be made to happen"
            )
        }
        return .found(finding("the head of a stream comes, and no event of it within \(patience) s"))
    }

    /// What no answer at all comes to: a proxy may keep the head back with the rest.
    static func judge(_ failure: HTTPFailure) -> CheckResult.Outcome {
        switch failure {
        case .timedOut(let seconds):
            .found(finding("not even the head of a stream comes within \(Int(seconds.rounded())) s"))
        case .closed, .unresolved, .refused, .certificate, .tls, .unavailable: .notTried("no answer came")
        }
    }

    private static func finding(_ evidence: String) -> Finding {
        Finding(
            .proxyBuffering, seen: evidence,
            change: "have the proxy pass on what comes at once, and X-Accel-Buffering be heeded",
            nginx: "proxy_buffering off;  (and no proxy_ignore_headers X-Accel-Buffering)",
            caddy: "reverse_proxy 127.0.0.1:8080 { flush_interval -1 }")
    }
}
