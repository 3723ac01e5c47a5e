import ByteText
import Testing

@testable import MSNP

/// Conversations as a value, against transcripts and whatever can go wrong.
struct ConversationFlowTests {
    private let bob = "bob@example.com"
    private let carol = "carol@example.com"

    private func member(_ handle: String, _ name: String? = nil) -> ListMember {
        ListMember(handle: handle, name: name ?? handle)
    }

    private func ack(_ board: SwitchboardID, _ transaction: UInt32) -> ConversationTimer {
        .switchboard(board, .acknowledgement(TransactionID(rawValue: transaction)))
    }

    @Test("A call, a message, its answer, and the end")
    func goldenCall() throws {
        var driver = ConversationDriver()
        let (message, id) = try driver.send("Hi Bob, café at 5?", to: bob)
        #expect(driver.takeEvents() == [.opened(id, participants: [member(bob)]), .sent(message, id)])
        let board = try driver.enter(with: bob)
        #expect(driver.next(board) == "MSG 3 A")
        #expect(driver.texts(board) == ["Hi Bob, café at 5?"])
        driver.say("ACK 3", on: board)
        #expect(driver.takeEvents() == [.settled(message, id, .delivered)])
        #expect(driver.lessons == [.answersMessages(true)])
        driver.say(
            "MSG bob@example.com Bob%20B.",
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nSure :)\r\n\r\nSee you", on: board)
        #expect(
            driver.takeEvents() == [
                .received(id, from: member(bob, "Bob B."), .text(ChatText("Sure :)\n\nSee you")))
            ])
        driver.say("BYE bob@example.com", on: board)
        #expect(driver.next(board) == "OUT")
        #expect(driver.takeEvents() == [], "who closes his window has not left the conversation")
        driver.drop(board)
        #expect(driver.flow.switchboards.isEmpty)
        #expect(driver.timers.isEmpty)
    }

    @Test("Messages wait for the other to come, then go out in order")
    func waiting() throws {
        var driver = ConversationDriver()
        let (first, id) = try driver.send("1", to: bob)
        let (second, again) = try driver.send("2", to: "BOB@example.com")
        #expect(again == id)
        let board = try driver.enter()
        _ = driver.next(board)
        let (third, _) = try driver.send("3", to: .conversation(id))
        #expect(driver.texts(board) == [])
        driver.say("JOI bob@example.com Bob", on: board)
        #expect(driver.texts(board) == ["1", "2", "3"])
        for transaction in [5, 4, 3] { driver.say("ACK \(transaction)", on: board) }
        for message in [first, second, third] { #expect(driver.outcomes(of: message) == [.delivered]) }
        #expect(driver.transfers.isEmpty)
    }

    @Test(
        "Refusals of CAL fail what waits, and the switchboard is left",
        arguments: [
            (217, MessageFailure.contactOffline(217)), (208, .contactOffline(208)), (216, .contactOffline(216)),
            (713, .tooActive(713, command: "CAL")), (280, .refused(280, command: "CAL")),
        ] as [(UInt16, MessageFailure)])
    func refused(_ code: UInt16, _ failure: MessageFailure) throws {
        var driver = ConversationDriver()
        let (message, id) = try driver.send("lost", to: bob)
        let board = try driver.enter()
        #expect(driver.next(board) == "CAL 2 bob@example.com")
        driver.say("\(code) 2", on: board)
        #expect(driver.outcomes(of: message) == [.failed(failure)])
        #expect(driver.next(board) == "OUT")
        // The conversation is still there, and the next message calls again.
        let (next, same) = try driver.send("again", to: bob)
        #expect(same == id)
        let second = try driver.enter(with: bob)
        driver.say("ACK 3", on: second)
        #expect(driver.outcomes(of: next) == [.delivered])
    }

    @Test("A ring that nobody answers has an end, and so has a call without an answer")
    func unanswered() throws {
        for (line, failure) in [
            ("CAL 2 RINGING 11752013", MessageFailure.notJoined), ("215 2", .timedOut(command: "CAL")),
        ] {
            var driver = ConversationDriver()
            let (message, _) = try driver.send("lost", to: bob)
            let board = try driver.enter()
            driver.say(line, on: board)
            driver.fire(.switchboard(board, .joining(HandleKey(bob))))
            #expect(driver.outcomes(of: message) == [.failed(failure)])
        }
    }

    @Test("NAK is a failure, silence is none, and a late ACK changes nothing")
    func outcomes() throws {
        var driver = ConversationDriver()
        let (first, id) = try driver.send("1", to: bob)
        let board = try driver.enter(with: bob)
        let (second, _) = try driver.send("2", to: .conversation(id))
        driver.say("NAK 4", on: board)
        driver.say("ACK 4", on: board)
        #expect(driver.timers[ack(board, 3)] == .seconds(5))
        driver.fire(ack(board, 3))
        driver.say("ACK 3", on: board)
        driver.say("NAK 3", on: board)
        #expect(driver.outcomes(of: first) == [.unconfirmed])
        #expect(driver.outcomes(of: second) == [.failed(.notDelivered)])
        #expect(driver.lessons == [.answersMessages(true), .answersMessages(false)])
        driver.flow.isAcknowledgementHopeless = true
        try driver.send("3", to: .conversation(id))
        #expect(driver.timers[ack(board, 5)] == .seconds(1))
    }

    @Test(
        "A long text is one message, part after part; after one that was refused nothing follows, and how much came is told"
    )
    func parts() throws {
        let text = String(repeating: "é", count: 2_000)
        for (answers, sent, outcome) in [
            (["ACK 3", "ACK 4", "ACK 5"], 3, MessageOutcome.delivered),
            (["ACK 3", "NAK 4"], 2, .failed(.notDelivered, partial: 769)),
            (["NAK 3"], 1, .failed(.notDelivered, partial: 0)),
        ] {
            var driver = ConversationDriver()
            let (message, id) = try driver.send(text, to: bob)
            let board = try driver.enter(with: bob)
            for (index, answer) in answers.enumerated() {
                #expect(driver.texts(board).count == index + 1)
                driver.say(answer, on: board)
            }
            #expect(driver.texts(board).count == sent)
            #expect(text.hasPrefix(driver.texts(board).joined()))
            #expect(driver.outcomes(of: message) == [outcome])
            // Whatever became of it, the next one has its turn, and nothing is counted that is not there.
            try driver.send("next", to: .conversation(id))
            #expect(driver.texts(board).last == "next")
            #expect(driver.flow.queuedBytes == 0)
        }
    }

    @Test("Of a long text a part without an answer is unconfirmed and no obstacle; what fails after a part is partial")
    func partsLost() throws {
        var driver = ConversationDriver()
        let text = String(repeating: "x", count: 4_000)
        let (message, _) = try driver.send(text, to: bob)
        let board = try driver.enter(with: bob)
        driver.say("ACK 3", on: board)
        driver.fire(ack(board, 4))
        #expect(driver.texts(board).count == 3)
        driver.say("ACK 5", on: board)
        #expect(driver.outcomes(of: message) == [.unconfirmed])
        let (second, _) = try driver.send(text, to: bob)
        driver.say("ACK 6", on: board)
        driver.drop(board)
        // The rest can't go out: whoever sent it is told what came, and not that nothing did.
        try driver.refuseTransfer(.refused(800, command: "XFR"))
        #expect(driver.outcomes(of: second) == [.failed(.tooActive(800, command: "XFR"), partial: 1_538)])
    }

    @Test("Only so many wait for their ACK at once; the others follow as answers come")
    func window() throws {
        var driver = ConversationDriver()
        var messages: [OutgoingMessageID] = []
        for number in 0..<1000 { messages.append(try driver.send("\(number)", to: bob).0) }
        let board = try driver.enter(with: bob)
        #expect(driver.texts(board).count == ConversationLimits.unacknowledged)
        for transaction in 3..<1003 { driver.say("ACK \(transaction)", on: board) }
        #expect(driver.texts(board) == (0..<1000).map(String.init))
        for message in messages { #expect(driver.outcomes(of: message) == [.delivered]) }
        #expect(driver.flow.queuedBytes == 0)
    }

    @Test("A switchboard that dies before it was of use is replaced once; nothing is lost in silence")
    func droppedBeforeJoining() throws {
        var driver = ConversationDriver()
        let (message, id) = try driver.send("1", to: bob)
        let first = try driver.enter()
        driver.drop(first)
        let second = try driver.enter(with: bob)
        driver.say("ACK 3", on: second)
        #expect(driver.outcomes(of: message) == [.delivered])
        driver.drop(second)
        let (lost, same) = try driver.send("2", to: bob)
        #expect(same == id)
        driver.drop(try driver.enter())
        driver.drop(try driver.enter())
        #expect(driver.outcomes(of: lost) == [.failed(.connectionLost)])
        #expect(driver.transfers.isEmpty)
    }

    @Test("What had gone out when the connection died is unconfirmed; what had not goes out on the next one")
    func droppedAfterSending() throws {
        var driver = ConversationDriver()
        var messages: [OutgoingMessageID] = []
        for number in 0..<(ConversationLimits.unacknowledged + 2) {
            messages.append(try driver.send("\(number)", to: bob).0)
        }
        let first = try driver.enter(with: bob)
        driver.drop(first)
        let second = try driver.enter(with: bob)
        #expect(driver.texts(second) == ["\(messages.count - 2)", "\(messages.count - 1)"])
        driver.say("ACK 3", on: second)
        driver.say("ACK 4", on: second)
        for (index, message) in messages.enumerated() {
            #expect(driver.outcomes(of: message) == [index < messages.count - 2 ? .unconfirmed : .delivered])
        }
    }

    @Test("An idle close is invisible: the next message opens another switchboard")
    func idleClose() throws {
        var driver = ConversationDriver()
        let (_, id) = try driver.send("1", to: bob)
        let first = try driver.enter(with: bob)
        driver.say("ACK 3", on: first)
        _ = driver.takeEvents()
        driver.say("BYE bob@example.com 1", on: first)
        #expect(driver.takeEvents() == [])
        let (message, same) = try driver.send("2", to: bob)
        #expect(same == id)
        let second = try driver.enter(with: bob)
        driver.say("ACK 3", on: second)
        #expect(driver.takeEvents() == [.sent(message, id), .settled(message, id, .delivered)])
        // Our own, too.
        driver.fire(.switchboard(second, .idle))
        #expect(driver.everything(second).last == "OUT")
        #expect(driver.takeEvents() == [])
    }

    @Test("A call to a room of two; typing, text, one more, one less, and one who idles")
    func goldenRing() throws {
        var driver = ConversationDriver()
        let board = driver.ring(bob)
        driver.connect(board)
        #expect(driver.next(board) == "ANS 1 alice@example.com 849.5 4711")
        driver.say("IRO 1 1 2 bob@example.com Bob%20B.", on: board)
        driver.say("IRO 1 2 2 carol@example.com Carol", on: board)
        driver.say("JOI alice@example.com Alice", on: board)
        driver.say("ANS 1 OK", on: board)
        let id = ConversationID(rawValue: board.rawValue + 1)
        #expect(driver.takeEvents() == [.opened(id, participants: [member(bob, "Bob B."), member(carol, "Carol")])])
        driver.say(
            "MSG bob@example.com Bob%20B.",
            "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: bob@example.com\r\n\r\n\r\n",
            on: board)
        driver.says(bob, "message", on: board)
        #expect(
            driver.takeEvents() == [
                .received(id, from: member(bob, "Bob B."), .typing),
                .received(id, from: member(bob), .text(ChatText("message"))),
            ])
        let (message, _) = try driver.send("naïve ☕ ok", to: .conversation(id))
        #expect(driver.next(board) == "MSG 2 A")
        driver.say("ACK 2", on: board)
        driver.say("JOI dave@example.com Dave", on: board)
        driver.say("BYE carol@example.com", on: board)
        driver.say("BYE bob@example.com 1", on: board)
        #expect(
            driver.takeEvents() == [
                .sent(message, id), .settled(message, id, .delivered),
                .joined(id, member("dave@example.com", "Dave")), .left(id, handle: carol),
            ])
        // Who fell out by idling is called back before anything is said without him.
        let (next, _) = try driver.send("all of you", to: .conversation(id))
        #expect(driver.everything(board) == ["CAL 3 bob@example.com"])
        driver.say("JOI bob@example.com Bob", on: board)
        driver.say("ACK 4", on: board)
        #expect(driver.takeEvents() == [.sent(next, id), .settled(next, id, .delivered)])
    }

    @Test("A second switchboard by the same person joins the conversation; the answer goes where they spoke last")
    func secondSwitchboard() throws {
        var driver = ConversationDriver()
        let (_, id) = try driver.send("1", to: bob)
        let first = try driver.enter(with: bob)
        driver.say("ACK 3", on: first)
        let second = driver.ring("Bob@Example.com")
        driver.connect(second)
        driver.say("IRO 1 1 1 bob@example.com Bob", on: second)
        driver.say("ANS 1 OK", on: second)
        driver.says(bob, "here", on: second)
        try driver.send("2", to: .conversation(id))
        #expect(driver.texts(second) == ["2"])
        driver.says(bob, "there", on: first)
        try driver.send("3", to: .conversation(id))
        #expect(driver.texts(second) == ["2", "3"], "as long as something is unanswered, order comes first")
        driver.say("ACK 2", on: second)
        driver.say("ACK 3", on: second)
        try driver.send("4", to: .conversation(id))
        #expect(driver.texts(first) == ["1", "4"])
        #expect(driver.flow.conversations.count == 1)
        #expect(
            driver.events.filter { if case .opened = $0 { true } else { false } } == [
                .opened(id, participants: [member(bob)])
            ])
    }

    @Test(
        "Both call at the same time: what is for one person waits for our own call, what is for the conversation does not"
    )
    func bothCall() throws {
        var driver = ConversationDriver()
        let (message, id) = try driver.send("1", to: bob)
        let ours = try driver.enter()
        _ = driver.next(ours)
        let theirs = driver.ring(bob)
        driver.connect(theirs)
        driver.say("IRO 1 1 1 bob@example.com Bob", on: theirs)
        driver.say("ANS 1 OK", on: theirs)
        #expect(driver.texts(theirs).isEmpty, "he may be about to bring others in")
        driver.say("JOI bob@example.com Bob", on: ours)
        #expect(driver.texts(ours) == ["1"])
        driver.say("ACK 3", on: ours)
        #expect(driver.outcomes(of: message) == [.delivered])
        driver.says(bob, "here", on: theirs)
        try driver.send("2", to: .conversation(id))
        #expect(driver.texts(theirs) == ["2"])
        try driver.send("3", to: bob)
        #expect(driver.texts(ours) == ["1"], "what went out elsewhere has no answer yet, and order comes first")
        driver.say("ACK 2", on: theirs)
        #expect(driver.texts(ours) == ["1", "3"])
        #expect(driver.flow.conversations.keys.map(\.self) == [id])
        #expect(driver.transfers.isEmpty)
    }

    @Test("Who calls may be bringing others in, whatever they said: private words go where we called him alone")
    func freshRing() throws {
        var driver = ConversationDriver()
        let theirs = driver.ring(bob)
        driver.connect(theirs)
        driver.say("IRO 1 1 1 bob@example.com Bob", on: theirs)
        driver.say("ANS 1 OK", on: theirs)
        driver.says(bob, "here", on: theirs)
        let (message, id) = try driver.send("for you alone", to: bob)
        #expect(driver.texts(theirs).isEmpty)
        let (open, same) = try driver.send("for whoever is there", to: .conversation(id))
        let opener = driver.request(.open([try Handle(validating: bob)]))
        #expect(driver.completions[opener] == .success(ConversationReply(conversation: id, isNew: false)))
        #expect(same == id)
        // His room becomes a group, under its own ID; what is private goes on in another.
        driver.say("JOI carol@example.com Carol", on: theirs)
        let moved = driver.events.compactMap { if case .moved(message, let apart) = $0 { apart } else { nil } }
        let apart = try #require(moved.first)
        #expect(apart != id)
        #expect(driver.events.contains(.opened(apart, participants: [member(bob, "Bob")])))
        #expect(driver.outcomes(of: message) == [])
        #expect(driver.texts(theirs) == ["for whoever is there"])
        driver.say("ACK 2", on: theirs)
        #expect(driver.outcomes(of: open) == [.delivered])
        let ours = try driver.enter(with: bob)
        #expect(driver.texts(ours) == ["for you alone"])
        driver.say("ACK 3", on: ours)
        #expect(driver.events.last == .settled(message, apart, .delivered))
        #expect(try driver.send("more", to: bob).1 == apart)
        #expect(driver.texts(ours) == ["for you alone", "more"])
        #expect(driver.transfers.isEmpty)
    }

    @Test("Who has called us and does not come when we call is spoken to where they are", arguments: [true, false])
    func onlyWay(refused: Bool) throws {
        var driver = ConversationDriver()
        let theirs = driver.ring(bob)
        driver.connect(theirs)
        driver.say("IRO 1 1 1 bob@example.com Bob", on: theirs)
        driver.say("ANS 1 OK", on: theirs)
        driver.says(bob, "here", on: theirs)
        let (message, id) = try driver.send("for you alone", to: bob)
        let request = driver.request(.invite(try Handle(validating: carol), into: id))
        let ours = try driver.enter()
        #expect(driver.next(ours) == "CAL 2 bob@example.com")
        let joining = ConversationTimer.switchboard(ours, .joining(HandleKey(bob)))
        #expect(driver.timers[joining] == ConversationTimeouts().joiningFromBeside)
        #expect(driver.texts(theirs) == [])
        if refused { driver.say("217 2", on: ours) } else { driver.fire(joining) }
        #expect(driver.next(ours) == "OUT")
        #expect(driver.texts(theirs) == ["for you alone"])
        #expect(driver.everything(theirs).last == "CAL 3 carol@example.com")
        driver.say("ACK 2", on: theirs)
        #expect(driver.outcomes(of: message) == [.delivered])
        // Nobody waits again for what was in vain.
        let (next, _) = try driver.send("for whoever is there", to: .conversation(id))
        driver.say("ACK 4", on: theirs)
        #expect(driver.outcomes(of: next) == [.delivered])
        driver.say("JOI carol@example.com Carol", on: theirs)
        #expect(driver.completions[request] == .success(ConversationReply(conversation: id, isNew: true)))
        // With a third person there it is a way to nobody alone.
        let (last, apart) = try driver.send("for you alone", to: bob)
        #expect(apart != id)
        let again = try driver.enter()
        driver.fire(.switchboard(again, .joining(HandleKey(bob))))
        #expect(driver.outcomes(of: last) == [.failed(.timedOut(command: "CAL"))])
        #expect(driver.texts(theirs) == ["for you alone", "for whoever is there"])
    }

    @Test("Whoever opened a room may be saying private things there: others are brought into one of our own")
    func invitedFromTheirRoom() throws {
        var driver = ConversationDriver()
        let theirs = driver.ring(bob)
        driver.connect(theirs)
        driver.say("IRO 1 1 1 bob@example.com Bob", on: theirs)
        driver.say("ANS 1 OK", on: theirs)
        driver.says(bob, "here", on: theirs)
        let id = try #require(driver.flow.conversations.keys.first)
        let request = driver.request(.invite(try Handle(validating: carol), into: id))
        #expect(driver.everything(theirs) == ["ANS 1 alice@example.com 849.5 4711"])
        let ours = try driver.enter(with: bob)
        #expect(driver.everything(ours) == ["CAL 3 carol@example.com"])
        driver.say("JOI carol@example.com Carol", on: ours)
        #expect(driver.completions[request] == .success(ConversationReply(conversation: id, isNew: true)))
        try driver.send("for both", to: .conversation(id))
        #expect(driver.texts(ours) == ["for both"])
        // His own room is with him alone, as before.
        _ = driver.takeEvents()
        driver.says(bob, "for you alone", on: theirs)
        guard case .received(let apart, _, _)? = driver.takeEvents().last else {
            Issue.record("not told of")
            return
        }
        #expect(apart != id)
    }

    @Test("A room into which somebody else was called is none for private words, though nobody has come yet")
    func calledAndNotCome() throws {
        var driver = ConversationDriver()
        let request = driver.request(.open([try Handle(validating: bob), try Handle(validating: carol)]))
        let board = try driver.enter(with: bob)
        driver.fire(.switchboard(board, .joining(HandleKey(carol))))
        let id = try #require(try driver.completions[request]?.get()).conversation
        #expect(try driver.send("for you alone", to: bob).1 == id)
        #expect(driver.texts(board) == [])
        let (_, same) = try driver.send("for whoever is there", to: .conversation(id))
        #expect(same == id)
        // She is late.
        driver.say("JOI carol@example.com Carol", on: board)
        #expect(driver.texts(board) == ["for whoever is there"])
        let alone = try driver.enter(with: bob)
        #expect(driver.texts(alone) == ["for you alone"])
    }

    @Test("One person may call into so many rooms, of which those that they have left don't count")
    func roomsOfOne() {
        var driver = ConversationDriver()
        for _ in 0..<ConversationLimits.switchboardsOfOne {
            let board = driver.ring(bob)
            driver.connect(board)
            driver.say("IRO 1 1 2 bob@example.com Bob", on: board)
            driver.say("IRO 1 2 2 carol@example.com Carol", on: board)
            driver.say("ANS 1 OK", on: board)
            driver.say("BYE bob@example.com", on: board)
        }
        var boards: [SwitchboardID] = []
        for _ in 0..<ConversationLimits.switchboardsOfOne { boards.append(driver.ring("Bob@Example.com")) }
        #expect(driver.connecting == boards)
        _ = driver.ring(bob)
        #expect(driver.connecting == boards)
        #expect(driver.ignored == ["RNG"])
        let other = driver.ring(carol)
        #expect(driver.connecting == boards + [other])
    }

    @Test("A third person makes it a group under the same ID, and private words go elsewhere from then on")
    func group() throws {
        var driver = ConversationDriver()
        let (_, id) = try driver.send("1", to: bob)
        let board = try driver.enter(with: bob)
        driver.say("ACK 3", on: board)
        let request = driver.request(.invite(try Handle(validating: carol), into: id))
        #expect(driver.everything(board).last == "CAL 4 carol@example.com")
        // Already while she is being called.
        let (private1, apart) = try driver.send("for you alone", to: bob)
        #expect(apart != id)
        driver.say("CAL 4 RINGING 1", on: board)
        driver.say("JOI carol@example.com Carol", on: board)
        #expect(driver.completions[request] == .success(ConversationReply(conversation: id, isNew: true)))
        #expect(driver.events.contains(.joined(id, member(carol, "Carol"))))
        let (_, both) = try driver.send("for both", to: .conversation(id))
        #expect(both == id)
        #expect(driver.texts(board) == ["1", "for both"])
        let second = try driver.enter(with: bob)
        #expect(driver.texts(second) == ["for you alone"])
        driver.say("ACK 3", on: second)
        #expect(driver.outcomes(of: private1) == [.delivered])
        // Once a group, always one.
        driver.say("BYE carol@example.com", on: board)
        #expect(try driver.send("again", to: bob).1 == apart)
    }

    @Test("Private words that have not gone out when a third person comes do so elsewhere, in their order")
    func neverPrivateInAGroup() throws {
        var driver = ConversationDriver()
        var messages: [OutgoingMessageID] = []
        for number in 0..<(ConversationLimits.unacknowledged + 3) {
            messages.append(try driver.send("\(number)", to: bob).0)
        }
        let board = try driver.enter(with: bob)
        driver.say("JOI carol@example.com Carol", on: board)
        for transaction in 3..<(3 + ConversationLimits.unacknowledged) { driver.say("ACK \(transaction)", on: board) }
        #expect(driver.texts(board).count == ConversationLimits.unacknowledged)
        for message in messages.suffix(3) { #expect(driver.outcomes(of: message) == []) }
        let (last, apart) = try driver.send("last", to: bob)
        let alone = try driver.enter(with: bob)
        #expect(driver.texts(alone) == ["256", "257", "258", "last"])
        for transaction in 3...6 { driver.say("ACK \(transaction)", on: alone) }
        for message in messages + [last] { #expect(driver.outcomes(of: message) == [.delivered]) }
        #expect(driver.events.filter { if case .moved(_, apart) = $0 { true } else { false } }.count == 3)
        #expect(driver.flow.queuedBytes == 0)
    }

    @Test("A group that was asked for: whoever can't come is left out, and nobody at all is a failure")
    func openGroup() throws {
        var driver = ConversationDriver()
        let people = [try Handle(validating: bob), try Handle(validating: carol)]
        let request = driver.request(.open(people))
        let board = try driver.enter()
        #expect(driver.everything(board) == ["CAL 2 bob@example.com", "CAL 3 carol@example.com"])
        driver.say("217 2", on: board)
        #expect(driver.completions.isEmpty)
        driver.say("JOI carol@example.com Carol", on: board)
        let reply = try #require(try driver.completions[request]?.get())
        #expect(reply.isNew)
        #expect(driver.takeEvents() == [.opened(reply.conversation, participants: [member(carol, "Carol")])])
        #expect(driver.flow.conversations[reply.conversation]?.isGroup == false, "nobody else ever came")
        let (alone, same) = try driver.send("for you alone", to: carol)
        #expect(same == reply.conversation)
        let ours = try driver.enter(with: carol)
        driver.say("ACK 3", on: ours)
        driver.say("BYE carol@example.com", on: board)
        #expect(driver.takeEvents().last == .settled(alone, reply.conversation, .delivered))

        // Both come, and both leave.
        let third = driver.request(.open(people))
        let room = try driver.enter()
        driver.say("JOI bob@example.com Bob", on: room)
        driver.say("JOI carol@example.com Carol", on: room)
        let group = try #require(try driver.completions[third]?.get()).conversation
        _ = driver.takeEvents()
        driver.say("BYE bob@example.com", on: room)
        driver.say("BYE carol@example.com", on: room)
        #expect(
            driver.takeEvents() == [
                .left(group, handle: bob), .left(group, handle: carol), .closed(group, .everybodyLeft),
            ])

        let second = driver.request(.open(people))
        let other = try driver.enter()
        driver.say("217 2", on: other)
        driver.say("217 3", on: other)
        #expect(driver.completions[second] == .failure(.contactOffline(217)))
        #expect(driver.takeEvents() == [])
        #expect(driver.flow.conversations.count == 1)
    }

    @Test("One person that was asked for: the conversation that there is, or a new one that is told of when they come")
    func openOne() throws {
        var driver = ConversationDriver()
        let request = driver.request(.open([try Handle(validating: bob)]))
        #expect(driver.takeEvents() == [])
        let board = try driver.enter(with: bob)
        let reply = try #require(try driver.completions[request]?.get())
        #expect(reply.isNew)
        #expect(driver.takeEvents() == [.opened(reply.conversation, participants: [member(bob)])])
        let again = driver.request(.open([try Handle(validating: bob)]))
        #expect(
            driver.completions[again] == .success(ConversationReply(conversation: reply.conversation, isNew: false)))
        driver.drop(board)
    }

    @Test("Leaving closes it, says OUT, and fails what waits")
    func leaving() throws {
        var driver = ConversationDriver()
        let (first, id) = try driver.send("1", to: bob)
        let board = try driver.enter(with: bob)
        let invite = driver.request(.invite(try Handle(validating: carol), into: id))
        driver.leave(id)
        #expect(driver.everything(board).last == "OUT")
        #expect(driver.outcomes(of: first) == [.unconfirmed])
        #expect(driver.completions[invite] == .failure(.conversationClosed))
        #expect(driver.events.last == .closed(id, .left))
        driver.says(bob, "too late", on: board)
        #expect(driver.events.last == .closed(id, .left))
        driver.fire(.switchboard(board, .goodbye))
        #expect(driver.flow.switchboards.isEmpty)
        #expect(throws: MessageFailure.unknownConversation) { try driver.send("2", to: .conversation(id)) }
    }

    @Test("XFR: 913 says that we are hidden; 280 is asked once more; silence, refusals and interruptions are told")
    func transfers() throws {
        for (failure, outcome) in [
            (RequestFailure.refused(913, command: "XFR"), MessageFailure.appearingOffline(command: "XFR")),
            (.timedOut(command: "XFR"), .timedOut(command: "XFR")), (.interrupted, .connectionLost),
            (.notSupported(command: "XFR"), .notSupported(command: "XFR")),
        ] {
            var driver = ConversationDriver()
            let (message, _) = try driver.send("1", to: bob)
            try driver.refuseTransfer(failure)
            if failure == .interrupted { try driver.refuseTransfer(failure) }
            #expect(driver.outcomes(of: message) == [.failed(outcome)])
        }
        var driver = ConversationDriver()
        let (message, _) = try driver.send("1", to: bob)
        let board = try #require(driver.transfers.first)
        try driver.refuseTransfer(.refused(280, command: "XFR"))
        driver.fire(.transferRetry(board))
        #expect(driver.transfers == [board])
        try driver.refuseTransfer(.refused(281, command: "XFR"))
        #expect(driver.outcomes(of: message) == [.failed(.refused(281, command: "XFR"))])
    }

    @Test("A cookie that is not taken: asked for anew once, then told")
    func staleCookie() throws {
        var driver = ConversationDriver()
        let (message, _) = try driver.send("1", to: bob)
        for _ in 0..<2 {
            let board = try driver.transfer()
            driver.connect(board)
            driver.say("911 1", on: board)
        }
        #expect(driver.outcomes(of: message) == [.failed(.refused(911, command: "USR"))])
        #expect(driver.transfers.isEmpty)
    }

    @Test("Offers are declined as the protocol wants and told; what nobody knows is told too")
    func offers() throws {
        var driver = ConversationDriver()
        let (_, id) = try driver.send("1", to: bob)
        let board = try driver.enter(with: bob)
        driver.say("ACK 3", on: board)
        _ = driver.takeEvents()
        driver.say(
            "MSG bob@example.com Bob",
            """
            MIME-Version: 1.0\r
            Content-Type: text/x-msmsgsinvite; charset=UTF-8\r
            \r
            Application-Name: File Transfer\r
            Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}\r
            Invitation-Command: INVITE\r
            Invitation-Cookie: 33267\r
            Application-File: readme.txt\r
            Application-FileSize: 60904\r
            \r

            """, on: board)
        #expect(driver.everything(board).last == "MSG 4 N")
        #expect(driver.payloads[board]?.last == Invitation.decline(33267))
        driver.say("MSG bob@example.com Bob", "Content-Type: image/gif\r\n\r\nGIF", on: board)
        driver.say("MSG alice@example.com Alice", "Content-Type: text/plain\r\n\r\nan echo of our own", on: board)
        let events = driver.takeEvents()
        #expect(events.count == 2)
        guard case .received(id, member(bob, "Bob"), .invitation(let invitation))? = events.first else {
            Issue.record("no invitation: \(events)")
            return
        }
        #expect(invitation.fileName == "readme.txt" && invitation.fileSize == 60904)
        #expect(events.last == .received(id, from: member(bob, "Bob"), .other(contentType: "image/gif")))
    }

    @Test("Typing is told where somebody sees it, and not again at once")
    func typing() throws {
        var driver = ConversationDriver()
        let (_, id) = try driver.send("1", to: bob)
        driver.type(in: id)
        let board = try driver.enter(with: bob)
        driver.type(in: id)
        driver.type(in: id)
        #expect(driver.everything(board).filter { $0.hasSuffix(" U") } == ["MSG 4 U"])
        driver.fire(.typing(id))
        driver.type(in: id)
        try driver.send("2", to: bob)
        driver.type(in: id)
        #expect(driver.everything(board) == ["MSG 5 U", "MSG 6 A", "MSG 7 U"])
    }

    @Test("The conversation that was silent for longest is forgotten when there are too many, and none that is in use")
    func tooMany() throws {
        var driver = ConversationDriver()
        let (_, first) = try driver.send("1", to: bob)
        for number in 1..<ConversationLimits.conversations {
            try driver.send("x", to: "user\(number)@example.com")
            // As it is when each was refused.
            if number.isMultiple(of: 2) { continue }
        }
        while !driver.transfers.isEmpty { try driver.refuseTransfer(.timedOut(command: "XFR")) }
        try driver.send("one more", to: carol)
        #expect(driver.events.contains(.closed(first, .forgotten)))
        #expect(driver.flow.conversations.count == ConversationLimits.conversations)
    }

    @Test("With as many rooms as there may be, the one that was silent for longest is left, unless all are in use")
    func tooManyRooms() throws {
        var driver = ConversationDriver()
        var boards: [SwitchboardID] = []
        for number in 0..<ConversationLimits.switchboards {
            let person = "user\(number)@example.com"
            let board = driver.ring(person)
            driver.connect(board)
            driver.say("IRO 1 1 1 \(person) x", on: board)
            driver.say("ANS 1 OK", on: board)
            boards.append(board)
        }
        driver.says("user0@example.com", "I am still here", on: boards[0])
        _ = driver.takeEvents()
        let (message, _) = try driver.send("1", to: bob)
        #expect(driver.everything(boards[1]).last == "OUT")
        let ours = try driver.enter(with: bob)
        // To whom it belongs it was nothing, and the next word opens another one.
        #expect(driver.flow.conversations.count == ConversationLimits.switchboards + 1)
        let other = driver.ring(carol)
        #expect(driver.everything(boards[2]).last == "OUT")
        driver.connect(other)
        #expect(driver.open.contains(other))
        #expect(driver.everything(boards[0]).last != "OUT")
        driver.say("ACK 3", on: ours)
        #expect(driver.outcomes(of: message) == [.delivered])

        // Everything that is left says something and waits for the answer.
        for id in driver.flow.conversations.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            try driver.send("x", to: .conversation(id))
        }
        let held = driver.open
        _ = driver.ring("dave@example.com")
        #expect(driver.ignored == ["RNG"])
        #expect(driver.open == held)
        let (refused, _) = try driver.send("2", to: "dave@example.com")
        #expect(driver.outcomes(of: refused) == [.failed(.tooManyConversations)])
    }

    @Test("The end answers everybody and leaves every switchboard")
    func end() throws {
        var driver = ConversationDriver()
        let (waiting, _) = try driver.send("1", to: carol)
        let (_, id) = try driver.send("2", to: bob)
        _ = try driver.transfer()
        let board = try driver.enter(with: bob)
        let request = driver.request(.invite(try Handle(validating: "dave@example.com"), into: id))
        driver.end()
        #expect(driver.completions[request] == .failure(.notOnline(.ended)))
        #expect(driver.outcomes(of: waiting).count == 1)
        #expect(driver.everything(board).last == "OUT")
    }
}
