import Encodings
import Foundation
import HTTPFront
import MSNPClient
import MSNPSandbox
import SQLiteStorage
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What must not be in a state directory, in whatever form.
@Suite(.timeLimit(.minutes(5))) struct SecretTests {
    /// The forms in which bytes could stand somewhere; in Base64 without what depends on the bytes around them.
    private static func forms(of secret: String) -> [Data] {
        let bytes = Array(secret.utf8)
        let hexadecimal = Hexadecimal.encode(bytes)
        var forms = [secret, hexadecimal, hexadecimal.uppercased()]
        for offset in 0..<3 {
            let text = Base64.encode([UInt8](repeating: 0, count: offset) + bytes, .standard)
                .filter { $0 != "=" }
            let inner = String(text.dropFirst(offset == 0 ? 0 : offset + 1).dropLast())
            forms += [inner, inner.replacing("+", with: "-").replacing("/", with: "_")]
        }
        return forms.map { Data($0.utf8) }
    }

    private static func files(in directory: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil) {
            files[file.lastPathComponent] = try Data.ofFile(file.path)
        }
        return files
    }

    @Test("No password, token, key or idempotency key is in the directory, while sessions live and afterwards")
    func directory() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "secrets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(SQLiteOptions(directory: directory.path))
        let sealing = try SealingKeys(file: SealingKeys.makeLine())
        let keys = try TestKeys()
        let bot = try keys.add("bot")
        let harness = try await GatewayHarness.withSandbox(
            server: { _ in }, backend: { $0.name = "msn" }, state: StateKeeper(store: store, sealing: sealing)
        ) { $0.keys = keys.store }
        let answer = await harness.call(
            "POST", "/v1/sessions", token: bot, json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        try #require(answer.status == 201, "\(answer.text)")
        let (id, token) = (try answer.string("session", "id"), try answer.string("token"))
        let idempotencyKey = "once-0123456789-abcdefghij"
        let message = await harness.call(
            "POST", "/v1/sessions/\(id)/messages", token: token, json: #"{"to":"carol@example.com","text":"x"}"#,
            headers: [("Idempotency-Key", idempotencyKey)])
        #expect(message.status == 409, "carol is not there")
        let poll = await harness.call(
            "GET", "/v1/sessions/\(id)/events?wait=0&consumer=reader", token: token)
        #expect(poll.status == 200)
        try await store.flush()
        let secrets = ["sandbox", token, String(token.dropFirst(4)), bot, String(bot.dropFirst(4)), idempotencyKey]
        try Self.expectNone(of: secrets, in: directory, knows: "alice@example.com")
        let stored = try await store.load(StoredSession.self, of: nil)
        #expect(stored.map { $0.sealed?.key } == [sealing.first])
        #expect(await harness.call("DELETE", "/v1/sessions/\(id)", token: token).status == 204)
        try await store.flush()
        #expect(try await store.load(StoredSession.self, of: nil).allSatisfy { $0.sealed == nil })
        try Self.expectNone(of: secrets, in: directory, knows: "alice@example.com")
        try await harness.stop()
        await store.close()
        try Self.expectNone(of: secrets, in: directory, knows: "alice@example.com")
    }

    /// - Parameter known: what is there, so that looking for it finds it.
    private static func expectNone(of secrets: [String], in directory: URL, knows known: String) throws {
        let files = try files(in: directory)
        #expect(files.values.contains { $0.range(of: Data(known.utf8)) != nil })
        for (name, content) in files {
            for (index, secret) in secrets.enumerated() {
                for form in forms(of: secret) {
                    #expect(content.range(of: form) == nil, "secret \(index) stands in \(name)")
                }
            }
        }
    }
}
