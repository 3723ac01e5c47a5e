import MSNP
import Testing

@testable import Gateway

@Suite struct MessageLogTests {
    private let conversation = ConversationID(rawValue: 1)
    private let now = Timestamp(milliseconds: 0)

    private func draft(_ text: String) throws -> MessageDraft {
        MessageDraft(text: try MessageText(validating: text), format: nil, clientRef: nil)
    }

    private func send(_ log: inout MessageLog, _ text: String) throws -> OutgoingMessageID {
        let id = log.register(try draft(text), at: now).id
        #expect(log.send(id, in: conversation, at: now) != nil)
        return id
    }

    @Test("One outcome for each message, once; none before it was taken")
    func once() throws {
        var log = MessageLog()
        let id = log.register(try draft("hi"), at: now).id
        #expect(log.settle(id, .delivered, at: .zero) == nil, "it was not taken yet")
        #expect(log.send(id, in: conversation, at: now)?.conversation == conversation)
        #expect(log.send(id, in: conversation, at: now) == nil)
        #expect(log.settle(id, .delivered, at: .zero)?.delivery == .delivered)
        #expect(log.settle(id, .unconfirmed, at: .zero) == nil)
        #expect(log.settle(OutgoingMessageID(rawValue: 99), .delivered, at: .zero) == nil)
        #expect(log.takeNews().map(\.id) == [id])
        #expect(log.takeNews().isEmpty)
        log.withdraw(id)
        #expect(log[id] != nil, "what has an outcome is not taken back")
    }

    @Test("A thousand are kept, the last settled; what waits is kept beside them")
    func thousand() throws {
        var log = MessageLog()
        let waiting = try send(&log, "waits")
        var ids: [OutgoingMessageID] = []
        for number in 0..<1_500 {
            let id = try send(&log, "\(number)")
            #expect(log.settle(id, .delivered, at: .zero) != nil)
            ids.append(id)
        }
        #expect(ids.prefix(500).allSatisfy { log[$0] == nil })
        #expect(ids.suffix(1_000).allSatisfy { log[$0]?.delivery == .delivered })
        #expect(log[waiting]?.delivery == .pending)
        #expect(log.pending == [waiting])
        #expect(log.takeNews().count == 1_500, "whoever waits is told, whatever is kept")
    }

    @Test("However long the texts are, they have no more than so many bytes together")
    func bytes() throws {
        var log = MessageLog()
        let longest = String(repeating: "a", count: WireLimits.messageText)
        let fit =
            MessagingLimits.settledBytes
            / SentMessage(id: OutgoingMessageID(rawValue: 1), draft: try draft(longest), sentAt: now).size
        var ids: [OutgoingMessageID] = []
        for _ in 0..<(fit + 3) {
            let id = try send(&log, longest)
            _ = log.settle(id, .unconfirmed, at: .zero)
            ids.append(id)
        }
        #expect(ids.prefix(3).allSatisfy { log[$0] == nil })
        #expect(ids.suffix(fit).allSatisfy { log[$0] != nil })
    }

    @Test("What was taken back was never there, and its number is not used again")
    func withdrawn() throws {
        var log = MessageLog()
        let first = log.register(try draft("a"), at: now).id
        log.withdraw(first)
        #expect(log[first] == nil)
        #expect(log.send(first, in: conversation, at: now) == nil)
        #expect(log.register(try draft("b"), at: now).id != first)
    }

    @Test("Nothing that describes a message shows its text")
    func secrecy() throws {
        var log = MessageLog()
        let message = log.register(try draft("nobody's business"), at: now)
        for text in ["\(message)", String(reflecting: message), "\(log)", String(reflecting: log)] {
            #expect(!text.contains("business"))
        }
    }
}
