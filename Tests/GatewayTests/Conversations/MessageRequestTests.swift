import MSNP
import Testing

@testable import Gateway

/// What requests about conversations may say, and what they are told that they may not.
@Suite struct MessageRequestTests {
    /// The pointers that a body is refused for; empty when it is taken.
    private func pointers(_ json: String, _ read: (inout BodyReader) -> Void) throws -> [String] {
        var reader = BodyReader(try JSONText.object(Array(json.utf8)))
        read(&reader)
        do throws(Problem) {
            try reader.finish()
            return []
        } catch {
            #expect(error.code == .invalidRequest)
            return error.errors.map(\.pointer).sorted()
        }
    }

    private func draft(_ json: String) throws -> MessageDraft? {
        var reader = BodyReader(try JSONText.object(Array(json.utf8)))
        let draft = reader.messageDraft()
        try reader.finish()
        return draft
    }

    @Test(
        "Text: what is said where it can't be sent",
        arguments: [
            (#"{}"#, ["/text"]), (#"{"text":""}"#, ["/text"]), (#"{"text":7}"#, ["/text"]),
            (#"{"text":null}"#, ["/text"]), (#"{"text":"a\u0000b"}"#, ["/text"]), (#"{"text":"a\rb"}"#, ["/text"]),
            (#"{"text":"a\u0085b"}"#, ["/text"]), (#"{"text":"a","more":1}"#, ["/more"]),
            (#"{"text":"a","clientRef":""}"#, ["/clientRef"]), (#"{"text":"a","clientRef":"\n"}"#, ["/clientRef"]),
            (#"{"text":"a","clientRef":1}"#, ["/clientRef"]), (#"{"text":"a","format":"bold"}"#, ["/format"]),
            (#"{"text":"a","format":null}"#, ["/format"]),
            (#"{"text":"a","format":{"color":"red"}}"#, ["/format/color"]),
            (##"{"text":"a","format":{"color":"#12345"}}"##, ["/format/color"]),
            (#"{"text":"a","format":{"color":255}}"#, ["/format/color"]),
            (#"{"text":"a","format":{"font":""}}"#, ["/format/font"]),
            (#"{"text":"a","format":{"font":"a\nb"}}"#, ["/format/font"]),
            (#"{"text":"a","format":{"font":"12345678901234567890123456789012"}}"#, ["/format/font"]),
            (#"{"text":"a","format":{"bold":"yes"}}"#, ["/format/bold"]),
            (#"{"text":"a","format":{"size":9,"a/b~c":1}}"#, ["/format/a~1b~0c", "/format/size"]),
            (
                #"{"text":"","format":{"color":"x","font":""},"clientRef":"","to":1}"#,
                ["/clientRef", "/format/color", "/format/font", "/text", "/to"]
            ),
        ])
    func refusedDrafts(json: String, expected: [String]) throws {
        #expect(try pointers(json) { _ = $0.messageDraft() } == expected)
    }

    @Test("Text: what goes through, and as what")
    func drafts() throws {
        #expect(try draft(#"{"text":"a\r\nb\tc\nd"}"#)?.text.text == "a\nb\tc\nd")
        let longest = String(repeating: "é", count: WireLimits.messageText / 2)
        #expect(try draft(#"{"text":"\#(longest)"}"#)?.text.text == longest)
        #expect(try pointers(#"{"text":"\#(longest)a"}"#) { _ = $0.messageDraft() } == ["/text"])
        let reference = String(repeating: "𝒳", count: MessagingLimits.clientRef)
        #expect(try draft(#"{"text":"a","clientRef":"\#(reference)"}"#)?.clientRef == reference)
        #expect(try pointers(#"{"text":"a","clientRef":"\#(reference)x"}"#) { _ = $0.messageDraft() } == ["/clientRef"])
        let format = try draft(
            ##"{"text":"a","format":{"font":"Arial","bold":true,"italic":true,"underline":true,"strikethrough":true,"color":"#FF8000","rightToLeft":true}}"##
        )?.format
        #expect(format?.headerValue == "FN=Arial; EF=BIUS; CO=80ff; CS=0; PF=0; RL=1", "blue, green, red")
        let plain = try draft(#"{"text":"a","format":{}}"#)?.format
        #expect(try plain == TextFormat())
        #expect(try draft(#"{"text":"a"}"#)?.format == nil)
    }

    @Test(
        "Participants: what is said of each",
        arguments: [
            (#"{}"#, ["/participants"]), (#"{"participants":"bob@example.com"}"#, ["/participants"]),
            (#"{"participants":[]}"#, ["/participants"]), (#"{"participants":null}"#, ["/participants"]),
            (#"{"participants":["bob@example.com","carol"]}"#, ["/participants/1"]),
            (#"{"participants":["bob@example.com",1,"BOB@example.com"]}"#, ["/participants/1", "/participants/2"]),
            (#"{"participants":["Alice@example.com"]}"#, ["/participants/0"]),
            (#"{"participants":["bob@example.com"],"account":"x"}"#, ["/account"]),
            (#"{"participants":["bob@example.com","carol@example.com"]}"#, []),
        ])
    func participants(json: String, expected: [String]) throws {
        let alice = try Handle(validating: "alice@example.com")
        #expect(try pointers(json) { _ = $0.accounts("participants") { $0 == alice } } == expected)
    }

    @Test("Participants: no more than the limit")
    func crowd() throws {
        func body(_ count: Int) -> String {
            #"{"participants":[\#((0..<count).map { "\"user\($0)@example.com\"" }.joined(separator: ","))]}"#
        }
        let limit = ConversationLimits.participants
        #expect(try pointers(body(limit)) { _ = $0.accounts("participants") { _ in false } } == [])
        #expect(try pointers(body(limit + 1)) { _ = $0.accounts("participants") { _ in false } } == ["/participants"])
    }

    @Test("Every failure has a problem, both of a message and of a call", arguments: failures)
    func eachFailure(failure: MessageFailure, message: ProblemCode, call: ProblemCode) {
        let undelivered = Problem.undelivered(failure)
        let unreached = Problem.unreached(failure)
        #expect(undelivered.code == message)
        #expect(unreached.code == call)
        if message == .messageNotDelivered { #expect(undelivered.reason == MessageReason(failure).rawValue) }
        for problem in [undelivered, unreached] {
            #expect((problem.retryAfter != nil) == [429, 503].contains(problem.code.status))
        }
        switch failure {
        case .contactOffline(let code): #expect(undelivered.msnp == Problem.MSNPError(code, command: "CAL"))
        case .refused(let code, let command), .tooActive(let code, let command):
            #expect(undelivered.msnp == Problem.MSNPError(code, command: command))
            #expect(unreached.msnp == undelivered.msnp)
        case .appearingOffline(let command): #expect(undelivered.msnp == Problem.MSNPError(913, command: command))
        default: #expect(undelivered.msnp == nil)
        }
    }
}

/// Each failure, and what it is to whoever sent a message and to whoever called somebody.
private let failures: [(MessageFailure, ProblemCode, ProblemCode)] = [
    (.contactOffline(217), .contactOffline, .contactOffline),
    (.notJoined, .messageNotDelivered, .contactOffline),
    (.notDelivered, .messageNotDelivered, .backendError),
    (.refused(280, command: "XFR"), .messageNotDelivered, .backendError),
    (.appearingOffline(command: "CAL"), .appearingOffline, .appearingOffline),
    (.tooActive(713, command: "CAL"), .rateLimited, .rateLimited),
    (.timedOut(command: "XFR"), .messageNotDelivered, .backendTimeout),
    (.notSupported(command: "XFR"), .notSupportedByBackend, .notSupportedByBackend),
    (.unreachable(.refused), .messageNotDelivered, .backendUnreachable),
    (.connectionLost, .messageNotDelivered, .backendError), (.notPrivate, .messageNotDelivered, .backendError),
    (.unreachable(.closed), .messageNotDelivered, .backendUnreachable),
    (.unreachable(.silent), .messageNotDelivered, .backendUnreachable),
    (.conversationClosed, .messageNotDelivered, .notFound),
    (.tooManyConversations, .rateLimited, .rateLimited), (.queueFull, .rateLimited, .rateLimited),
    (.unknownConversation, .notFound, .notFound), (.notOnline(.reconnecting), .reconnecting, .reconnecting),
]
