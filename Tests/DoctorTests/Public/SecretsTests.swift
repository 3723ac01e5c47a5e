import Digests
import HTTPFront
import MSNP
import Testing

@testable import Doctor

@Suite struct SecretsTests {
    private static let password = "hunter2-the-password"
    private static let key = "mgk_hunter2-the-key"
    private static let token = "mgt_hunter2-the-token"

    private func options(_ url: String) throws -> DoctorOptions {
        var options = DoctorOptions()
        options.url = WebAddress(parsing: url)
        options.key = Secret(Self.key)
        options.account = DoctorOptions.TestAccount(
            account: try Handle(validating: "alice@example.com"), password: Secret(Self.password), backend: nil)
        options.webhookListen = WebhookTarget(listen: ListenAddress(host: "127.0.0.1", port: 0), url: nil)
        options.origins = ["https://page.example"]
        options.patience = 1
        return options
    }

    /// A server that says everything that it was told, wherever it can.
    private static func echo(_ request: HTTPRequest, _ status: Int) -> HTTPAnswer {
        let told =
            request.fields.map(\.value).joined(separator: " ") + String(decoding: request.body ?? [], as: UTF8.self)
        let text = told.replacing("\\", with: "").replacing("\"", with: "'")
        return answer(
            status,
            #"{"code":"unauthorized","detail":"\#(text)","outcome":"failed","milliseconds":1,"session":{"id":"s","cursor":"c"},"token":"\#(token)","webhook":{"id":"w"},"secret":"\#(text)"}"#,
            [("x-echo", text), ("www-authenticate", text)], after: 0.1)
    }

    @Test(
        "Neither password nor key nor token is in what is said, whatever is answered",
        arguments: [200, 201, 400, 401, 504])
    func output(status: Int) async throws {
        let entry = entry
        let client = AnsweringClient { request in
            .success(request.path == "/v1" ? answer(200, entry) : Self.echo(request, status))
        }
        let report = try await Doctor(try options("http://127.0.0.1:8080"), client: client).run()
        let said =
            report.results.flatMap(DoctorReport.lines).joined() + report.summary + "\(report)"
            + String(decoding: report.json, as: UTF8.self)
        #expect(client.requests.contains { $0.fields.contains { $0.value.contains(Self.key) } }, "the key was used")
        #expect(!said.contains("hunter2"))
    }

    @Test("Nothing secret goes where the certificate can't be believed")
    func unverified() async throws {
        let entry = entry
        let client = AnsweringClient { request in
            request.isVerified ? .failure(.certificate(.untrusted)) : .success(answer(200, entry))
        }
        let report = try await Doctor(try options("https://msn.example"), client: client).run()
        #expect(report.findings.map(\.kind).contains(.tlsUntrusted))
        for request in client.requests {
            #expect(!request.fields.contains { $0.value.contains("hunter2") })
            #expect(!String(decoding: request.body ?? [], as: UTF8.self).contains("hunter2"))
        }
    }

    @Test("A session that was opened for the visit is ended, and one that was there is not", arguments: [201, 200])
    func leaving(status: Int) async throws {
        let entry = entry
        let client = AnsweringClient { request in
            switch (request.method, request.path) {
            case ("GET", "/v1"): .success(answer(200, entry))
            case ("POST", "/v1/sessions") where request.fields.contains { $0.name == "authorization" }:
                .success(Self.echo(request, status))
            default: .success(answer(404, #"{"code":"not-found"}"#))
            }
        }
        let doctor = Doctor(try options("http://127.0.0.1:8080"), client: client)
        _ = try await doctor.run()
        await doctor.leave()
        let left = client.requests.filter { $0.method == "DELETE" && $0.path == "/v1/sessions/s" }
        #expect(left.count == (status == 201 ? 1 : 0))
    }

    @Test("A webhook that was made is deleted, also where its trial has no answer")
    func deleting() async throws {
        let entry = entry
        let client = AnsweringClient { request in
            switch (request.method, request.path) {
            case ("GET", "/v1"): .success(answer(200, entry))
            case ("POST", "/v1/webhooks"): .success(answer(201, #"{"webhook":{"id":"w"},"secret":"s"}"#))
            case ("POST", "/v1/webhooks/w/test"): .failure(.timedOut(seconds: 40))
            default: .success(answer(404, #"{"code":"not-found"}"#))
            }
        }
        _ = try await Doctor(try options("http://127.0.0.1:8080"), client: client).run()
        #expect(client.requests.count { $0.method == "DELETE" && $0.path == "/v1/webhooks/w" } == 1)
    }
}
