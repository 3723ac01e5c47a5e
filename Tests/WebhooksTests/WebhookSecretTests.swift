import Digests
import Encodings
import Testing

@testable import Webhooks

@Suite struct WebhookSecretTests {
    @Test("A new one has 32 bytes of its own, and is read as it is written")
    func random() throws {
        let secret = WebhookSecret.random()
        #expect(secret.text.hasPrefix("whsec_"))
        #expect(secret.text.utf8.count == 6 + 44)
        #expect(secret.withBytes { $0.count } == 32)
        #expect(try #require(WebhookSecret(text: secret.text)).matches(secret))
        #expect(!WebhookSecret.random().matches(secret))
    }

    @Test(
        "What is no secret",
        arguments: [
            "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", "whsec_!",
            "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + String(repeating: "A", count: 92),
        ])
    func refused(text: String) { #expect(WebhookSecret(text: text) == nil) }

    @Test("It is shown nowhere but where it is asked for")
    func descriptions() {
        let secret = WebhookSecret.random()
        var dumped = ""
        dump(WebhookSecrets(secret, previous: [secret], until: 1), to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\(WebhookSecrets(secret))"] {
            #expect(!text.contains(secret.text.dropFirst(6)))
        }
    }

    @Test("After a rotation those before sign for a day too, the new one first")
    func rotation() {
        let (first, second, third) = (WebhookSecret.random(), WebhookSecret.random(), WebhookSecret.random())
        var secrets = WebhookSecrets(first)
        func texts(_ time: Int64) -> [String] { secrets.signing(at: time).map(\.text) }
        #expect(texts(0) == [first.text])
        secrets.rotate(to: second, at: 1_000)
        #expect(texts(1_000) == [second.text, first.text])
        #expect(texts(1_000 + 86_399_999) == [second.text, first.text])
        #expect(texts(1_000 + 86_400_000) == [second.text])
        secrets.rotate(to: third, at: 2_000)
        // The answer to the rotation before may not have come.
        #expect(texts(2_000) == [third.text, second.text, first.text])
        #expect(texts(2_000 + 86_400_000) == [third.text])
        let last = (0..<4).map { _ in WebhookSecret.random() }
        for secret in last { secrets.rotate(to: secret, at: 3_000) }
        #expect(texts(3_000) == last.reversed().map(\.text))
        secrets.rotate(to: first, at: 3_000 + 86_400_000)
        #expect(texts(3_000 + 86_400_000) == [first.text, last[3].text])
    }

    @Test("Each secret has a signature, with a space between them")
    func signatures() throws {
        let body = Array("{}".utf8)
        let (first, second) = (WebhookSecret.random(), WebhookSecret.random())
        let parts = WebhookSignature.field(id: "a", timestamp: 1, body: body, secrets: [first, second]).split(
            separator: " ")
        #expect(parts.count == 2)
        for (secret, part) in zip([first, second], parts) {
            #expect(part == WebhookSignature.field(id: "a", timestamp: 1, body: body, secrets: [secret]))
            let code = secret.withBytes { HMACSHA256.code(for: Array("a.1.{}".utf8).span, key: $0) }
            #expect(part == "v1," + Base64.encode(code, .standard))
        }
    }
}
