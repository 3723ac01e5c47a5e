import Testing

@testable import MSNP

/// Servers that read one command for each `recv`: the next goes out with the answer to the last, or after a pause.
@Suite("One command at a time") struct PacedConversationTests {
    private func driver() -> ConversationDriver {
        var timeouts = ConversationTimeouts()
        timeouts.pause = PacingLimits.pause
        var driver = ConversationDriver()
        driver.flow = ConversationFlow(timeouts: Shared(timeouts))
        driver.flow.ownHandle = "alice@example.com"
        return driver
    }

    @Test("The next message goes out with the answer to the last, and not before")
    func answered() throws {
        var driver = driver()
        for number in 1...3 { try driver.send("\(number)", to: "bob@example.com") }
        let board = try driver.enter(with: "bob@example.com")
        #expect(driver.texts(board) == ["1"])
        #expect(driver.timers[.switchboard(board, .pause)] == PacingLimits.pause)
        driver.say("ACK 3", on: board)
        #expect(driver.texts(board) == ["1", "2"])
        #expect(driver.timers[.switchboard(board, .pause)] == PacingLimits.pause)
        driver.say("ACK 4", on: board)
        driver.say("ACK 5", on: board)
        #expect(driver.texts(board) == ["1", "2", "3"])
        #expect(driver.timers[.switchboard(board, .pause)] == nil)
        let outcomes = driver.events.filter { if case .settled(_, _, .delivered) = $0 { true } else { false } }
        #expect(outcomes.count == 3)
    }

    @Test("Without an answer the next goes out after the pause; each has its whole time for its own answer")
    func unanswered() throws {
        var driver = driver()
        for number in 1...3 { try driver.send("\(number)", to: "bob@example.com") }
        let board = try driver.enter(with: "bob@example.com")
        #expect(
            driver.timers.keys.count { if case .switchboard(_, .acknowledgement) = $0 { true } else { false } } == 1)
        driver.fire(.switchboard(board, .pause))
        #expect(driver.texts(board) == ["1", "2"])
        driver.fire(.switchboard(board, .pause))
        driver.fire(.switchboard(board, .pause))
        #expect(driver.texts(board) == ["1", "2", "3"])
        #expect(
            driver.timers.keys.count { if case .switchboard(_, .acknowledgement) = $0 { true } else { false } } == 3)
    }

    @Test("Of a text in several parts nothing goes out after the one that was refused")
    func refusedPart() throws {
        var driver = driver()
        let (message, _) = try driver.send(String(repeating: "x", count: 4_000), to: "bob@example.com")
        let board = try driver.enter(with: "bob@example.com")
        driver.say("ACK 3", on: board)
        driver.say("NAK 4", on: board)
        #expect(driver.texts(board).count == 2)
        #expect(driver.outcomes(of: message) == [.failed(.notDelivered, partial: 1_538)])
        try driver.send("next", to: "bob@example.com")
        #expect(driver.texts(board).last == "next")
    }

    @Test("What waits when the connection dies goes out on the next; only what went out is unconfirmed")
    func lost() throws {
        var driver = driver()
        let messages = try (1...3).map { try driver.send("\($0)", to: "bob@example.com").0 }
        let board = try driver.enter(with: "bob@example.com")
        driver.drop(board)
        #expect(driver.outcomes(of: messages[0]) == [.unconfirmed])
        let next = try driver.enter(with: "bob@example.com")
        #expect(driver.texts(next) == ["2"])
        driver.say("ACK 3", on: next)
        #expect(driver.texts(next) == ["2", "3"])
    }

    @Test("Everybody who is called is called, one after the other, and has the whole time to come")
    func calls() throws {
        var driver = driver()
        let group = driver.request(
            .open(try ["bob@example.com", "carol@example.com"].map { try Handle(validating: $0) }))
        let board = try driver.enter()
        #expect(driver.next(board) == "CAL 2 bob@example.com")
        #expect(driver.next(board) == nil)
        #expect(driver.timers[.switchboard(board, .joining(Handle.fold("carol@example.com")))] == nil)
        driver.say("CAL 2 RINGING 1", on: board)
        #expect(driver.next(board) == "CAL 3 carol@example.com")
        #expect(driver.timers[.switchboard(board, .joining(Handle.fold("carol@example.com")))] != nil)
        driver.say("CAL 3 RINGING 1", on: board)
        driver.say("JOI bob@example.com Bob", on: board)
        driver.say("JOI carol@example.com Carol", on: board)
        #expect(try driver.completions[group]?.get().isNew == true)
    }

    @Test("Typing gives way: it is said where nothing waits, and never stands before a message")
    func typing() throws {
        var driver = driver()
        let (_, id) = try driver.send("1", to: "bob@example.com")
        let board = try driver.enter(with: "bob@example.com")
        #expect(driver.next(board)?.hasPrefix("MSG 3 A") == true)
        driver.type(in: id)
        #expect(driver.next(board) == nil)
        driver.say("ACK 3", on: board)
        driver.type(in: id)
        #expect(driver.next(board)?.hasPrefix("MSG 4 U") == true)
    }
}
