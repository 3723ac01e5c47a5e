import HTTPFront
import MSNP
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// People who talk over HTTP, with the sandbox between them.
@Suite(.timeLimit(.minutes(5))) struct SandboxConversationTests {
    @Test("A message with its format goes there, an answer comes back, in one conversation on each side")
    func thereAndBack() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        let bob = try await ConversationStage(harness, "bob@example.com")
        let sent = await alice.call(
            "POST", "/messages",
            ##"{"to":"BOB@example.com","text":"hi\r\nthere ☕","format":{"font":"Comic Sans MS","bold":true,"color":"#ff8000"},"clientRef":"r1"}"##
        )
        #expect(sent.status == 201, "\(sent.text)")
        #expect(try sent.string("message", "delivery") == "delivered")
        #expect(try sent.string("message", "text") == "hi\nthere ☕")
        #expect(try sent.string("message", "clientRef") == "r1")
        let message = try sent.string("message", "id")
        let conversation = try sent.string("message", "conversationId")
        #expect(sent.header("Location") == alice.path + "/messages/\(message)")
        #expect(await alice.call("GET", "/messages/\(message)").value() == sent.value("message"))
        let received = try #require(try await bob.data("message.received"))
        let theirs = try #require(received["conversationId"]?.text)
        #expect(theirs != conversation, "IDs are each session's own")
        #expect(
            received
                == .object([
                    "messageId": received["messageId"] ?? .null, "conversationId": .string(theirs),
                    "group": .bool(false), "from": .string("alice@example.com"), "displayName": .string("Alice"),
                    "text": .string("hi\nthere ☕"), "contentType": .string("text/plain"),
                    "format": .object([
                        "font": .string("Comic Sans MS"), "bold": .bool(true), "italic": .bool(false),
                        "underline": .bool(false), "strikethrough": .bool(false), "color": .string("#ff8000"),
                        "rightToLeft": .bool(false),
                    ]),
                ]))
        #expect(await bob.call("POST", "/conversations/\(theirs)/typing").status == 204)
        #expect(
            try await alice.data("typing")
                == .object([
                    "conversationId": .string(conversation), "group": .bool(false),
                    "account": .string("bob@example.com"),
                ]))
        let answer = await bob.call("POST", "/conversations/\(theirs)/messages", #"{"text":"hello"}"#)
        #expect(answer.status == 201)
        #expect(try await alice.data("message.received")?["text"]?.text == "hello")
        #expect(
            try await alice.events("message.received").compactMap { $0["type"]?.text } == [
                "conversation.opened", "message.sent", "message.delivered", "typing", "message.received",
            ])
        let mine = await alice.call("GET", "/conversations")
        #expect(mine.value("conversations", "1") == nil)
        #expect(try mine.string("conversations", "0", "id") == conversation)
        #expect(try mine.string("conversations", "0", "participants", "0", "displayName") == "Bob")
        let again = await bob.call("POST", "/messages", #"{"to":"alice@example.com","text":"more"}"#)
        #expect(try again.string("message", "conversationId") == theirs)
        for line in harness.log.lines.all { #expect(!line.contains("there ☕") && !line.contains("hello")) }
        try await harness.stop()
    }

    @Test("Who can't be reached is 409 well before the time is up, and the message has failed")
    func offline() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        let answer = await alice.call(
            "POST", "/messages", #"{"to":"carol@example.com","text":"hi","clientRef":"r"}"#)
        #expect(answer.status == 409 && answer.code == "contact-offline", "\(answer.text)")
        #expect(answer.value("msnp", "code") == .number(217))
        #expect(try answer.string("msnp", "command") == "CAL")
        let failed = try #require(try await alice.data("message.failed"))
        #expect(failed["reason"]?.text == "contactOffline" && failed["clientRef"]?.text == "r")
        let message = await alice.call("GET", "/messages/\(failed["messageId"]?.text ?? "")")
        #expect(try message.string("delivery") == "failed")
        #expect(try message.string("reason") == "contactOffline")
        let opened = await alice.call("POST", "/conversations", #"{"participants":["carol@example.com"]}"#)
        #expect(opened.status == 409 && opened.code == "contact-offline", "\(opened.text)")
        try await harness.stop()
    }

    @Test("Hidden, nobody can be written to: 409 appearing-offline")
    func hidden() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        _ = await alice.call("PUT", "/presence", #"{"status":"appearOffline"}"#)
        let answer = await alice.call("POST", "/messages", #"{"to":"echo@example.com","text":"hi"}"#)
        #expect(answer.status == 409 && answer.code == "appearing-offline", "\(answer.text)")
        #expect(answer.value("msnp", "code") == .number(913))
        try await harness.stop()
    }

    @Test("A NAK is 502 with its reason; the next message goes through")
    func nak() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        #expect(await harness.sandbox?.order(.nak, account: "alice@example.com") == true)
        let answer = await alice.call("POST", "/messages", #"{"to":"echo@example.com","text":"lost"}"#)
        #expect(answer.status == 502 && answer.code == "message-not-delivered", "\(answer.text)")
        #expect(try answer.string("reason") == "notDelivered")
        let next = await alice.call("POST", "/messages", #"{"to":"echo@example.com","text":"found"}"#)
        #expect(next.status == 201)
        #expect(try await alice.data("message.received")?["text"]?.text == "found", "the robot says it again")
        try await harness.stop()
    }

    @Test("A group: opened, written to, joined, left; private words never go there")
    func group() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        let bob = try await ConversationStage(harness, "bob@example.com")
        let carol = try await ConversationStage(harness, "carol@example.com")
        let opened = await alice.call(
            "POST", "/conversations", #"{"participants":["bob@example.com","carol@example.com"]}"#)
        #expect(opened.status == 201, "\(opened.text)")
        #expect(opened.value("group") == .bool(true))
        let id = try opened.string("id")
        #expect(opened.header("Location") == alice.path + "/conversations/\(id)")
        let said = await alice.call("POST", "/conversations/\(id)/messages", #"{"text":"all"}"#)
        #expect(said.status == 201)
        for one in [bob, carol] { #expect(try await one.data("message.received")?["text"]?.text == "all") }
        let there = await alice.call("POST", "/conversations/\(id)/participants", #"{"account":"bob@example.com"}"#)
        #expect(there.status == 200, "\(there.text)")
        let joined = await alice.call("POST", "/conversations/\(id)/participants", #"{"account":"echo@example.com"}"#)
        #expect(joined.status == 201, "\(joined.text)")
        #expect(
            joined.value("participants", "2")
                == .object(["account": .string("echo@example.com"), "displayName": .string("Echo")]))
        #expect(
            try await alice.data("participant.joined")
                == .object([
                    "conversationId": .string(id), "account": .string("echo@example.com"),
                    "displayName": .string("Echo"),
                ]))
        let secret = await alice.call("POST", "/messages", #"{"to":"bob@example.com","text":"between us"}"#)
        #expect(secret.status == 201)
        #expect(try secret.string("message", "conversationId") != id)
        let received = try #require(try await bob.data("message.received", 2))
        #expect(received["text"]?.text == "between us")
        let group = try await bob.events("message.received").first { $0["type"]?.text == "message.received" }
        #expect(received["conversationId"] != group?["data"]?["conversationId"])
        let theirs = try #require(group?["data"]?["conversationId"]?.text)
        #expect(await bob.call("DELETE", "/conversations/\(theirs)").status == 204)
        #expect(try await alice.data("participant.left")?["account"]?.text == "bob@example.com")
        #expect(try await bob.data("conversation.closed")?["reason"]?.text == "left")
        #expect(await bob.call("GET", "/conversations/\(theirs)").status == 404)
        #expect(await bob.call("DELETE", "/conversations/\(theirs)").status == 204)
        let late = await bob.call("POST", "/conversations/\(theirs)/messages", #"{"text":"late"}"#)
        #expect(late.status == 404)
        #expect(await alice.call("DELETE", "/conversations/\(id)").status == 204)
        #expect(try await carol.events("message.received").allSatisfy { $0["data"]?["text"]?.text != "between us" })
        try await harness.stop()
    }

    @Test("With one person there is one conversation: 201, then 200")
    func existing() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        let first = await alice.call("POST", "/conversations", #"{"participants":["echo@example.com"]}"#)
        let second = await alice.call("POST", "/conversations", #"{"participants":["ECHO@example.com"]}"#)
        #expect(first.status == 201 && second.status == 200, "\(first.text) \(second.text)")
        #expect(try first.string("id") == second.string("id"))
        #expect(second.header("Location") == first.header("Location"))
        let sent = await alice.call("POST", "/messages", #"{"to":"echo@example.com","text":"hi"}"#)
        #expect(try sent.string("message", "conversationId") == first.string("id"))
        try await harness.stop()
    }

    @Test("64 KiB of text stay one message to whoever sends it, and arrive whole and in order")
    func long() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        let bob = try await ConversationStage(harness, "bob@example.com")
        let text = String((0..<13_000).map { "\($0) " }.joined().prefix(WireLimits.messageText))
        let sent = await alice.call("POST", "/messages", #"{"to":"bob@example.com","text":"\#(text)"}"#)
        #expect(sent.status == 201)
        #expect(try sent.string("message", "text") == text)
        var arrived = ""
        while arrived.utf8.count < text.utf8.count {
            let count = try await bob.events("message.received", 1).count { $0["type"]?.text == "message.received" }
            arrived = try await bob.events("message.received", count).compactMap { $0["data"]?["text"]?.text }.joined()
        }
        #expect(arrived == text)
        #expect(try await alice.events("message.delivered").count { $0["type"]?.text == "message.sent" } == 1)
        try await harness.stop()
    }

    @Test("Whoever is asked for and does not come is named, and why; where all come nobody is")
    func absent() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await ConversationStage(harness, "alice@example.com")
        _ = try await ConversationStage(harness, "bob@example.com")
        let some = await alice.call(
            "POST", "/conversations", #"{"participants":["bob@example.com","Carol@Example.com"]}"#)
        #expect(some.status == 201)
        #expect(
            some.value("absent")
                == .array([
                    .object(["account": .string("carol@example.com"), "reason": .string("contactOffline")])
                ]))
        _ = try await ConversationStage(harness, "carol@example.com")
        while try await alice.call("GET", "/contacts/carol@example.com").string("status") != "online" {
            await Task.yield()
        }
        let all = await alice.call(
            "POST", "/conversations", #"{"participants":["bob@example.com","carol@example.com"]}"#)
        #expect(all.status == 201)
        #expect(all.value("absent") == nil)
        try await harness.stop()
    }
}
