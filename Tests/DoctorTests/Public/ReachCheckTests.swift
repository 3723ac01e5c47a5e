import MSNP
import Testing

@testable import Doctor

@Suite struct ReachCheckTests {
    private let url: WebAddress
    private let now: Int64 = 1_795_960_800

    init() throws { url = try #require(WebAddress(parsing: "https://msn.example")) }

    private func judged(_ answer: HTTPAnswer, of text: String = "https://msn.example") -> [FindingKind] {
        WebAddress(parsing: text).map { ReachCheck.judge(answer, of: $0, at: now).map(\.kind) } ?? []
    }

    @Test("A gateway, and what is none")
    func gateway() {
        #expect(judged(answer(200, entry)) == [])
        #expect(judged(answer(200, "<html>")) == [.notGateway])
        #expect(judged(answer(502, "<html>")) == [.notGateway])
        #expect(judged(answer(200, #"{"name":"another","version":"1","signIn":"open"}"#)) == [.notGateway])
        let refused = answer(421, #"{"code":"misdirected-host"}"#)
        #expect(judged(refused) == [.hostRefused])
        #expect(ReachCheck.judge(refused, of: url, at: now)[0].remedy == "add msn.example to publicHosts")
    }

    @Test("A redirect: where it leads is the URL to name, if that is another")
    func redirect() throws {
        let plain = try #require(WebAddress(parsing: "http://127.0.0.1"))
        for (location, isNamed) in [
            ("https://msn.example/v1", true), ("http://127.0.0.1/x", false), ("/x", false), ("javascript:1", false),
        ] {
            var sent = answer(301, "<html>")
            sent.fields.append(HTTPField("location", location))
            let found = ReachCheck.judge(sent, of: plain, at: now)
            #expect(found.map(\.kind) == [.notGateway])
            #expect(found[0].remedy.contains("https://msn.example") == isNamed, "\(location)")
        }
    }

    @Test("In clear: a finding, but not on this machine")
    func clear() {
        #expect(judged(answer(200, entry), of: "http://msn.example") == [.tlsMissing])
        for own in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            #expect(judged(answer(200, entry), of: own) == [])
        }
    }

    @Test("A certificate that ends in 13 days, and in 15")
    func expiry() {
        var soon = answer(200, entry)
        soon.certificateEnd = now + 13 * 86_400
        #expect(judged(soon) == [.tlsExpiresSoon])
        soon.certificateEnd = now + 15 * 86_400
        #expect(judged(soon) == [])
    }

    @Test(
        "What can be wrong with a certificate",
        arguments: [
            (CertificateFault.expired, FindingKind.tlsExpired), (.notYetValid, .tlsExpired), (.otherName, .tlsName),
            (.untrusted, .tlsUntrusted),
        ])
    func certificates(fault: CertificateFault, kind: FindingKind) {
        #expect(ReachCheck.judge(fault, end: nil, of: url).kind == kind)
    }

    @Test("No answer at all")
    func nothing() {
        for failure in [HTTPFailure.unresolved, .refused, .timedOut(seconds: 10), .closed(seconds: 1)] {
            #expect(ReachCheck.judge(failure, of: url).kind == .unreachable)
        }
        #expect(ReachCheck.judge(.tls, of: url).kind == .tlsFailed)
    }

    @Test("A certificate that can't be believed: what has no secret is asked without it, and nothing else")
    func unverified() async {
        let entry = entry
        let client = AnsweringClient { request in
            request.isVerified ? .failure(.certificate(.expired)) : .success(answer(200, entry))
        }
        var visit = Visit()
        let results = await ReachCheck(url: url, client: client).run(&visit)
        #expect(results.flatMap(\.findings).map(\.kind) == [.tlsExpired])
        #expect(visit.standing == .open(isVerified: false))
        #expect(visit.reasonForNoSecrets != nil)
    }

    @Test("Dates, as fields and certificates have them")
    func dates() {
        #expect(WallTime.seconds(ofField: "Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(WallTime.seconds(ofCertificate: "Nov  6 08:49:37 1994 GMT") == 784_111_777)
        #expect(WallTime.seconds(ofCertificate: "1994-11-06 08:49:37 GMT") == 784_111_777)
        for text in [
            "", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "06 Nov",
        ] {
            #expect(WallTime.seconds(ofField: text) == nil)
            #expect(WallTime.seconds(ofCertificate: text) == nil)
        }
        #expect(WallTime.text(784_111_777) == "1994-11-06T08:49:37.000Z")
    }
}
