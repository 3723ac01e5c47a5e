import MSNP
import Testing

@testable import Gateway

/// What a session tells of its conversations: the exact JSON of each event.
@Suite struct ConversationEventTests {
    private let bob = ListMember(handle: "bob@example.com", name: "Bob's window")
    private let carol = ListMember(handle: "Carol@example.com", name: "Carol\u{7}")
    private let one = ConversationID(rawValue: 1)

    /// A session that is online, with bob on its forward list.
    private struct Stage {
        var record: SessionRecord
        private var position: UInt64 = 0
        private var clock: Int64 = 1_700_000_000_000

        init() {
            record = SessionRecord(
                id: "s", account: "alice@example.com", backend: "b", createdAt: Timestamp(milliseconds: clock),
                journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
            hear(.negotiated(.msnp6))
            hear(.state(.online))
            var lists = SynchronizedLists(version: 1)
            lists.members[.forward] = [ListMember(handle: "bob@example.com", name: "Bob")]
            var roster = Roster()
            _ = roster.apply(lists)
            _ = record.adopt(roster)
            clock += 1
            _ = news()
        }

        mutating func hear(_ event: SessionEvent) {
            clock += 1
            record.apply(event, at: Timestamp(milliseconds: clock), uptime: .milliseconds(clock))
        }

        mutating func hear(_ event: ConversationEvent) { hear(.conversation(event)) }

        mutating func register(
            _ text: String, format: TextFormat? = nil, clientRef: String? = nil
        ) throws -> OutgoingMessageID {
            record.conversations.messages.register(
                MessageDraft(text: try MessageText(validating: text), format: format, clientRef: clientRef),
                at: Timestamp(milliseconds: clock)
            ).id
        }

        /// Type and data of each event since this was asked last.
        mutating func news() -> [String] {
            let page = record.journal.read(after: position, .everything, limit: 1_000)
            position = page.next.sequence
            return page.events.map { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                // Members are in alphabetical order: the data come first, then the event's own ID.
                let separator = #","id":"abcdefgh."#
                let data = text.dropFirst(#"{"data":"#.count).split(separator: separator).dropLast()
                let type = text.split(separator: #""type":""#).last?.prefix { $0 != "\"" } ?? ""
                return "\(type) \(data.joined(separator: separator))"
            }
        }
    }

    @Test("Opened, typing, received, closed; the lists' name is preferred, and the switchboard's where there is none")
    func oneToOne() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        stage.hear(.received(one, from: bob, .typing))
        stage.hear(.received(one, from: bob, .text(ChatText("hi\nthere"))))
        stage.hear(.left(one, handle: "bob@example.com"))
        stage.hear(.closed(one, .left))
        let person = #"{"account":"bob@example.com","displayName":"Bob"}"#
        #expect(
            stage.news() == [
                #"conversation.opened {"conversation":{"createdAt":"2023-11-14T22:13:20.004Z","group":false,"id":"abcdefgh.c1","participants":[\#(person)]}}"#,
                #"typing {"account":"bob@example.com","conversationId":"abcdefgh.c1","group":false}"#,
                #"message.received {"contentType":"text/plain","conversationId":"abcdefgh.c1","displayName":"Bob","from":"bob@example.com","group":false,"messageId":"abcdefgh.m1","text":"hi\nthere"}"#,
                #"conversation.closed {"conversation":{"createdAt":"2023-11-14T22:13:20.004Z","group":false,"id":"abcdefgh.c1","lastMessageAt":"2023-11-14T22:13:20.006Z","participants":[\#(person)]},"reason":"left"}"#,
            ], "and the other person of two stays, whatever switchboards do")
        #expect(stage.record.conversationResources.isEmpty)
    }

    @Test("Formats come with every member that says yes or no, and without what was not chosen")
    func formats() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        _ = stage.news()
        let format = TextFormat(parsing: "FN=Comic%20Sans%20MS; EF=BS; CO=80ff; CS=0; PF=22; RL=1")
        stage.hear(.received(one, from: bob, .text(ChatText("x", format: format))))
        stage.hear(.received(one, from: bob, .text(ChatText("y", format: TextFormat(parsing: "EF=")))))
        #expect(
            stage.news() == [
                ##"message.received {"contentType":"text/plain","conversationId":"abcdefgh.c1","displayName":"Bob","format":{"bold":true,"color":"#ff8000","font":"Comic Sans MS","italic":false,"rightToLeft":true,"strikethrough":true,"underline":false},"from":"bob@example.com","group":false,"messageId":"abcdefgh.m1","text":"x"}"##,
                #"message.received {"contentType":"text/plain","conversationId":"abcdefgh.c1","displayName":"Bob","format":{"bold":false,"italic":false,"rightToLeft":false,"strikethrough":false,"underline":false},"from":"bob@example.com","group":false,"messageId":"abcdefgh.m2","text":"y"}"#,
            ])
    }

    @Test("Messages of other types are reported without text, and are nothing that was said")
    func otherTypes() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        _ = stage.news()
        stage.hear(.received(one, from: bob, .other(contentType: "text/x-clientcaps")))
        stage.hear(.received(one, from: bob, .other(contentType: nil)))
        #expect(
            stage.news() == [
                #"message.received {"contentType":"text/x-clientcaps","conversationId":"abcdefgh.c1","displayName":"Bob","from":"bob@example.com","group":false,"messageId":"abcdefgh.m1"}"#,
                #"message.received {"contentType":"application/octet-stream","conversationId":"abcdefgh.c1","displayName":"Bob","from":"bob@example.com","group":false,"messageId":"abcdefgh.m2"}"#,
            ])
        #expect(stage.record.conversationResources.first?.lastMessageAt == nil)
    }

    @Test("What clients say to each other is told as ignored; a group is one in each event")
    func signals() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        stage.hear(.joined(one, carol))
        _ = stage.news()
        stage.hear(.received(one, from: bob, .ignored(contentType: "text/x-msmsgscontrol")))
        stage.hear(.received(one, from: bob, .typing))
        stage.hear(.received(one, from: bob, .text(ChatText("x"))))
        #expect(
            stage.news() == [
                #"message.ignored {"contentType":"text/x-msmsgscontrol","conversationId":"abcdefgh.c1","from":"bob@example.com","group":true}"#,
                #"typing {"account":"bob@example.com","conversationId":"abcdefgh.c1","group":true}"#,
                #"message.received {"contentType":"text/plain","conversationId":"abcdefgh.c1","displayName":"Bob","from":"bob@example.com","group":true,"messageId":"abcdefgh.m1","text":"x"}"#,
            ])
    }

    @Test("A character set that nobody knows is named, and the ASCII of the text kept")
    func charset() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        _ = stage.news()
        let payload = MIMEPayload(
            parsing: Array("Content-Type: text/plain; charset=x-unheard-of\r\n\r\nnaïve".utf8))
        stage.hear(.received(one, from: bob, PersonalMessage(payload)))
        #expect(
            stage.news() == [
                #"message.received {"charset":"x-unheard-of","contentType":"text/plain","conversationId":"abcdefgh.c1","displayName":"Bob","from":"bob@example.com","group":false,"messageId":"abcdefgh.m1","text":"na\#u{FFFD}\#u{FFFD}ve"}"#
            ])
    }

    @Test("Whoever is on the lists is spelt as the lists spell them, wherever they are named")
    func spelling() throws {
        var stage = Stage()
        let loud = ListMember(handle: "BOB@Example.COM", name: "BOB")
        stage.hear(.opened(one, participants: [loud]))
        stage.hear(.received(one, from: loud, .typing))
        stage.hear(.received(one, from: loud, .text(ChatText("x"))))
        stage.hear(.received(one, from: loud, .ignored(contentType: "text/x-msmsgscontrol")))
        stage.hear(.joined(one, carol))
        stage.hear(.joined(one, ListMember(handle: "Stranger@Example.COM", name: "S")))
        let mail = MIMEPayload(
            parsing: Array(
                "Content-Type: text/x-msmsgsemailnotification\r\n\r\nFrom: B\r\nFrom-Addr: Bob@EXAMPLE.com\r\nSubject: s\r\n"
                    .utf8))
        stage.hear(.mail(try #require(MailNotification(mail))))
        let news = stage.news().joined(separator: "\n")
        #expect(news.contains(#""account":"bob@example.com""#) && news.contains(#""from":"bob@example.com""#))
        #expect(news.contains("mail.received") && !news.contains("BOB@") && !news.contains("Bob@"))
        #expect(news.contains(#""account":"Stranger@Example.COM""#), "others as they came")
    }

    @Test("A third person makes it a group for good; who leaves a group is gone from it")
    func groups() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        stage.hear(.joined(one, carol))
        stage.hear(.joined(one, ListMember(handle: "carol@EXAMPLE.com", name: "again")))
        stage.hear(.left(one, handle: "carol@example.com"))
        stage.hear(.left(one, handle: "carol@example.com"))
        #expect(
            stage.news().dropFirst() == [
                #"participant.joined {"account":"Carol@example.com","conversationId":"abcdefgh.c1","displayName":"Carol�"}"#,
                #"participant.left {"account":"Carol@example.com","conversationId":"abcdefgh.c1","displayName":"Carol�"}"#,
            ])
        #expect(stage.record.conversationResources.first?.group == true)
        #expect(stage.record.conversationResources.first?.participants.map(\.account) == ["bob@example.com"])
        stage.hear(.left(one, handle: "bob@example.com"))
        stage.hear(.closed(one, .everybodyLeft))
        #expect(
            stage.news().last?.hasSuffix(
                #""group":true,"id":"abcdefgh.c1","participants":[]},"reason":"everybodyLeft"}"#)
                == true)
        stage.hear(.opened(ConversationID(rawValue: 2), participants: [bob, carol]))
        #expect(stage.record.conversationResources.first?.group == true, "from the beginning")
    }

    @Test("Sent, then one outcome, with the caller's own name for it in each")
    func outcomes() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        _ = stage.news()
        let outcomes: [MessageOutcome] = [.delivered, .unconfirmed, .failed(.notDelivered)]
        for (number, outcome) in outcomes.enumerated() {
            let id = try stage.register("text \(number)", clientRef: number == 1 ? nil : "ref-\(number)")
            stage.hear(.sent(id, one))
            stage.hear(.settled(id, one, outcome))
            stage.hear(.settled(id, one, .delivered))
        }
        func event(_ type: String, _ number: Int, _ ref: Bool, _ rest: String = "") -> String {
            #"message.\#(type) {\#(ref ? "\"clientRef\":\"ref-\(number)\"," : "")"conversationId":"abcdefgh.c1","group":false,"messageId":"abcdefgh.m\#(number + 1)"\#(rest),"text":"text \#(number)"}"#
        }
        #expect(
            stage.news() == [
                event("sent", 0, true), event("delivered", 0, true), event("sent", 1, false),
                event("unconfirmed", 1, false), event("sent", 2, true),
                event("failed", 2, true, #","reason":"notDelivered""#),
            ])
        let kept = try #require(stage.record.message(named: "abcdefgh.m3"))
        #expect(kept.delivery == "failed" && kept.reason == .notDelivered)
        #expect(stage.record.message(named: "abcdefgh.m4") == nil)
        #expect(stage.record.message(named: "ABCDEFGH.m3") == nil)
        #expect(stage.record.message(named: "abcdefgh.c1") == nil)
    }

    @Test("What was sent is told with its looks, once, and what became of it in the conversation where it went out")
    func looksAndMoves() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        let id = try stage.register("for bob", format: try TextFormat(isBold: true))
        stage.hear(.sent(id, one))
        _ = stage.news()
        stage.hear(.joined(one, carol))
        let apart = ConversationID(rawValue: 2)
        stage.hear(.opened(apart, participants: [bob]))
        stage.hear(.moved(id, apart))
        #expect(stage.record.message(named: "abcdefgh.m1")?.conversationId == "abcdefgh.c2")
        #expect(stage.record.message(named: "abcdefgh.m1")?.delivery == "pending")
        stage.hear(.settled(id, apart, .delivered))
        // It stays where it went out.
        stage.hear(.moved(id, one))
        #expect(
            stage.news().suffix(2) == [
                #"conversation.opened {"conversation":{"createdAt":"2023-11-14T22:13:20.007Z","group":false,"id":"abcdefgh.c2","participants":[{"account":"bob@example.com","displayName":"Bob"}]}}"#,
                #"message.delivered {"conversationId":"abcdefgh.c2","group":false,"messageId":"abcdefgh.m1","text":"for bob"}"#,
            ])
        let next = try stage.register("for all", format: try TextFormat(isBold: true))
        stage.hear(.sent(next, one))
        #expect(
            stage.news() == [
                #"message.sent {"conversationId":"abcdefgh.c1","format":{"bold":true,"italic":false,"rightToLeft":false,"strikethrough":false,"underline":false},"group":true,"messageId":"abcdefgh.m2","text":"for all"}"#
            ])
    }

    @Test("Offers are told as declined; what belongs to none is not told")
    func invitations() throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        _ = stage.news()
        func invitation(_ body: String) throws -> PersonalMessage {
            PersonalMessage(
                MIMEPayload(
                    parsing: Array(
                        "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n\(body)".utf8)))
        }
        stage.hear(
            .received(
                one, from: bob,
                try invitation(
                    "Application-Name: File Transfer\r\nInvitation-Command: INVITE\r\nInvitation-Cookie: 33267\r\nApplication-File: readme.txt\r\nApplication-FileSize: 1024\r\n\r\n"
                )))
        stage.hear(
            .received(one, from: bob, try invitation("Invitation-Command: INVITE\r\nInvitation-Cookie: 7\r\n\r\n")))
        stage.hear(
            .received(one, from: bob, try invitation("Invitation-Command: CANCEL\r\nInvitation-Cookie: 7\r\n\r\n")))
        #expect(
            stage.news() == [
                #"invitation.received {"answer":"declined","application":"File Transfer","conversationId":"abcdefgh.c1","fileName":"readme.txt","fileSize":1024,"from":"bob@example.com"}"#,
                #"invitation.received {"answer":"declined","conversationId":"abcdefgh.c1","from":"bob@example.com"}"#,
            ])
    }

    @Test("The session's end fails what is under way before it is told, whoever ends it", arguments: [true, false])
    func ended(byServer: Bool) throws {
        var stage = Stage()
        stage.hear(.opened(one, participants: [bob]))
        let (first, second) = (try stage.register("first"), try stage.register("second"))
        let untaken = try stage.register("never taken")
        let done = try stage.register("done")
        for id in [first, second, done] { stage.hear(.sent(id, one)) }
        stage.hear(.settled(done, one, .delivered))
        _ = stage.news()
        if byServer {
            stage.hear(.ended(.signedInElsewhere))
        } else {
            stage.record.end(.signedOut, at: Timestamp(milliseconds: 0), uptime: .zero)
        }
        func failed(_ number: Int, _ text: String) -> String {
            #"message.failed {"conversationId":"abcdefgh.c1","group":false,"messageId":"abcdefgh.m\#(number)","reason":"signedOut","text":"\#(text)"}"#
        }
        let reason = byServer ? "signedInElsewhere" : "signedOut"
        #expect(
            stage.news() == [
                failed(1, "first"), failed(2, "second"), #"session.state {"reason":"\#(reason)","state":"ended"}"#,
            ])
        stage.hear(.settled(first, one, .delivered))
        stage.hear(.sent(untaken, one))
        #expect(stage.news().isEmpty, "the last word was said")
        #expect(stage.record.message(named: "abcdefgh.m1")?.delivery == "failed")
    }

    @Test("The last active comes first")
    func order() throws {
        var stage = Stage()
        let ids = (1...4).map { ConversationID(rawValue: $0) }
        for id in ids { stage.hear(.opened(id, participants: [bob])) }
        let message = try stage.register("hi")
        stage.hear(.sent(message, ids[1]))
        stage.hear(.received(ids[0], from: bob, .text(ChatText("hi"))))
        stage.hear(.received(ids[2], from: bob, .typing))
        #expect(
            stage.record.conversationResources.map(\.id) == [
                "abcdefgh.c1", "abcdefgh.c2", "abcdefgh.c4", "abcdefgh.c3",
            ])
    }

    @Test("Calls are answered as the lists and BLP have it, and never while we are hidden")
    func calls() throws {
        var stage = Stage()
        stage.hear(.listAdded(ListMember(handle: "block@example.com", name: ""), .block, version: 2))
        stage.hear(.listAdded(ListMember(handle: "both@example.com", name: ""), .block, version: 3))
        stage.hear(.listAdded(ListMember(handle: "both@example.com", name: ""), .allow, version: 4))
        stage.hear(.listAdded(ListMember(handle: "allow@example.com", name: ""), .allow, version: 5))
        func admitted() -> [Bool] {
            ["ALLOW@example.com", "Block@example.com", "both@example.com", "nobody@example.com", "bob@example.com"]
                .map(stage.record.admitsCall)
        }
        #expect(admitted() == [true, false, false, true, true])
        stage.hear(.privacy(.block))
        #expect(admitted() == [true, false, false, false, false])
        stage.hear(.privacy(.allow))
        stage.hear(.ownPresence(.appearOffline, forced: false))
        #expect(admitted() == [false, false, false, false, false])
        stage.hear(.ownPresence(.busy, forced: false))
        #expect(admitted() == [true, false, false, true, true])
        stage.hear(.ended(.signedOut))
        #expect(admitted() == [false, false, false, false, false])
    }
}
