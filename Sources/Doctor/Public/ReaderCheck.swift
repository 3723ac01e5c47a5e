import Digests
import Gateway
import MSNP

/// Signs the test account in through the URL, or finds out whether the API key is known: what polls and streams need.
struct ReaderCheck: Check {
    static let name = "access"

    let key: Secret?
    let account: DoctorOptions.TestAccount?
    /// Where the account signs in; nil where nobody knows.
    let backend: String?
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] {
        if let reason = visit.reasonForNoSecrets {
            visit.unread = reason
            return [CheckResult(Self.name, .notTried(reason))]
        }
        guard key != nil || account != nil else { return [CheckResult(Self.name, .notTried(visit.unread))] }
        var results: [CheckResult] = []
        if let key {
            guard await take(key, &visit, &results) else { return results }
        }
        if let account { await take(account, &visit, &results) }
        return results
    }

    /// Asks for the feed; whether the key is known.
    private func take(_ key: Secret, _ visit: inout Visit, _ results: inout [CheckResult]) async -> Bool {
        let reader = EventReader(
            events: "/v1/events", stream: "/v1/stream", cursor: "oldest", credential: key, session: nil)
        do throws(HTTPFailure) {
            let answer = try await client.ask(reader.request("GET", "/v1/events?after=now&wait=0"))
            if let finding = Self.judgeKey(answer) {
                visit.unread = "the API key is not known"
                results.append(CheckResult(Self.name, of: "API key", .found(finding)))
                return false
            }
        } catch {
            visit.unread = "no answer came"
            results.append(CheckResult(Self.name, of: "API key", .notTried("no answer came")))
            return false
        }
        visit.reader = reader
        results.append(CheckResult(Self.name, of: "API key", .sound(nil)))
        return true
    }

    /// Signs in; a session is the better reader, as something can be made to happen in it.
    private func take(
        _ account: DoctorOptions.TestAccount, _ visit: inout Visit, _ results: inout [CheckResult]
    ) async {
        guard key != nil || visit.signIn == "open" else {
            visit.unread = "signing in without an API key is closed; say --key-file"
            results.append(CheckResult(Self.name, of: "test account", .notTried(visit.unread)))
            return
        }
        if let backend, visit.faultyBackends.contains(backend) {
            if visit.reader == nil { visit.unread = "something is wrong with the test account's backend" }
            let reason = "something is wrong with the backend already"
            results.append(CheckResult(Self.name, of: "test account", .notTried(reason)))
            return
        }
        var request = HTTPRequest("POST", "/v1/sessions")
        request.patience = 40
        request.fields = [("content-type", "application/json")]
        if let key { request.authorize(key) }
        request.body = Self.body(account)
        do throws(HTTPFailure) {
            let answer = try await client.ask(request)
            guard let signedIn = SignedIn(answer), answer.status == 201 || answer.status == 200 else {
                if visit.reader == nil { visit.unread = "the test account can't sign in" }
                results.append(CheckResult(Self.name, of: "test account", .found(Self.judgeSignIn(answer))))
                return
            }
            let path = "/v1/sessions/\(signedIn.session.id)"
            let reader = EventReader(
                events: path + "/events", stream: path + "/stream", cursor: signedIn.session.cursor,
                credential: Secret(signedIn.token),
                session: EventReader.OpenedSession(wasThere: answer.status == 200))
            // One that was there before is somebody's.
            if answer.status == 201 { visit.leftovers.note(reader.request("DELETE", path)) }
            visit.reader = reader
            results.append(CheckResult(Self.name, of: "test account", .sound(nil)))
        } catch {
            if visit.reader == nil { visit.unread = "no answer came to the sign-in" }
            results.append(CheckResult(Self.name, of: "test account", .notTried("no answer came")))
        }
    }

    private static func body(_ account: DoctorOptions.TestAccount) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("account", account.account.spelling)
            json.member("backend", account.backend)
            json.member("password") { json in
                let text = account.password.withBytes { bytes in
                    String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
                }
                json.string(text)
            }
        }
        return json.bytes
    }

    /// What an answer for an API key comes to; nil where it is known.
    static func judgeKey(_ answer: HTTPAnswer) -> Finding? {
        guard answer.status == 401 || answer.status == 403 else { return nil }
        return Finding(
            .keyRefused, seen: "GET /v1/events is \(ProblemText.said(answer))",
            change: "see msnp-gateway keys list; have the proxy pass Authorization on",
            nginx: "no auth_basic, and no proxy_set_header Authorization, in the location",
            caddy: "no basic_auth for the site")
    }

    /// What a sign-in that failed comes to.
    static func judgeSignIn(_ answer: HTTPAnswer) -> Finding {
        Finding(
            .signInRefused, seen: "POST /v1/sessions is \(ProblemText.said(answer))",
            change: "see /docs/problems at the gateway for what the code means")
    }
}
