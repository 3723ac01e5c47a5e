import Testing

@testable import MSNP

/// Servers that would have us open conversations, switchboards and calls without end.
@Suite struct EndlessConversationTests {
    @Test("A message moves to another conversation once, and fails when somebody else comes first there too")
    func movesOnce() throws {
        var driver = ConversationDriver()
        let (message, first) = try driver.send("for bob alone", to: "bob@example.com")
        var boards = 0
        // What the server would do for as long as it is asked for another one.
        while !driver.transfers.isEmpty, boards < 10 {
            let board = try driver.enter()
            boards += 1
            driver.say("JOI eve@example.com Eve", on: board)
            driver.say("JOI bob@example.com Bob", on: board)
        }
        #expect(boards == 2)
        #expect(driver.outcomes(of: message) == [.failed(.notPrivate)])
        let moves = driver.events.filter { if case .moved = $0 { true } else { false } }
        #expect(moves.count == 1)
        #expect(driver.said.isEmpty, "nothing was said where somebody else was")
        // The group that it has become is there, and what is said to all of it arrives.
        try driver.send("for everybody", to: .conversation(first))
        #expect(driver.said.map(\.text) == ["for everybody"])
    }

    @Test("One that has moved once arrives where nobody else comes")
    func arrivesAfterMove() throws {
        var driver = ConversationDriver()
        let (message, _) = try driver.send("for bob alone", to: "bob@example.com")
        let spoilt = try driver.enter()
        driver.say("JOI eve@example.com Eve", on: spoilt)
        let board = try driver.enter(with: "bob@example.com")
        #expect(driver.texts(board) == ["for bob alone"])
        driver.say("ACK 3", on: board)
        #expect(driver.outcomes(of: message) == [.delivered])
    }

    @Test("Switchboards that let a group in and out again, and close, are not opened without end")
    func fruitlessOpenings() throws {
        var driver = ConversationDriver()
        let group = driver.request(
            .open(try ["bob@example.com", "carol@example.com"].map { try Handle(validating: $0) }))
        var board = try driver.enter()
        driver.say("JOI bob@example.com Bob", on: board)
        driver.say("JOI carol@example.com Carol", on: board)
        let id = try #require(try driver.completions[group]?.get().conversation)
        driver.drop(board)
        let (message, _) = try driver.send("hello", to: .conversation(id))
        var boards = 0
        while !driver.transfers.isEmpty, boards < 50 {
            board = try driver.enter()
            boards += 1
            driver.say("JOI bob@example.com Bob", on: board)
            driver.say("BYE bob@example.com 1", on: board)
            driver.say("JOI carol@example.com Carol", on: board)
            driver.drop(board)
        }
        #expect(boards == ConversationLimits.fruitlessOpenings)
        #expect(driver.outcomes(of: message) == [.failed(.connectionLost)])
        // The next message has its chance.
        let (next, _) = try driver.send("again", to: .conversation(id))
        board = try driver.enter()
        driver.say("JOI bob@example.com Bob", on: board)
        driver.say("JOI carol@example.com Carol", on: board)
        #expect(driver.texts(board) == ["again"])
        #expect(driver.outcomes(of: next).isEmpty)
    }

    @Test("People who fall out of a group again and again are not called back without end")
    func fruitlessCalls() throws {
        var driver = ConversationDriver()
        let group = driver.request(
            .open(try ["bob@example.com", "carol@example.com"].map { try Handle(validating: $0) }))
        let board = try driver.enter()
        driver.say("JOI bob@example.com Bob", on: board)
        driver.say("JOI carol@example.com Carol", on: board)
        let id = try #require(try driver.completions[group]?.get().conversation)
        driver.say("BYE carol@example.com 1", on: board)
        let (message, _) = try driver.send("hello", to: .conversation(id))
        var turns = 0
        while driver.outcomes(of: message).isEmpty, turns < 10 * ConversationLimits.fruitlessCalls {
            turns += 1
            driver.say("BYE bob@example.com 1", on: board)
            driver.say("JOI carol@example.com Carol", on: board)
            driver.say("BYE carol@example.com 1", on: board)
            driver.say("JOI bob@example.com Bob", on: board)
        }
        #expect(driver.outcomes(of: message) == [.failed(.notJoined)])
        #expect(turns <= ConversationLimits.fruitlessCalls)
    }

    @Test("Of a flood of calls no more are answered in a minute than there may be")
    func calls() {
        var driver = ConversationDriver()
        var answered = 0
        func flood() {
            for number in 0..<(2 * ConversationLimits.calls) {
                let board = driver.ring("caller\(number)@example.com")
                guard board.rawValue > 0 else { continue }
                answered += 1
                driver.connect(board)
                driver.drop(board)
            }
        }
        flood()
        #expect(answered == ConversationLimits.calls)
        driver.fire(.calls)
        flood()
        #expect(answered == 2 * ConversationLimits.calls)
    }

    @Test("A crowd that a switchboard sends in is not followed beyond its limit")
    func crowd() throws {
        var driver = ConversationDriver()
        let board = driver.ring("bob@example.com")
        driver.connect(board)
        driver.say("IRO 1 1 1 bob@example.com Bob", on: board)
        driver.say("ANS 1 OK", on: board)
        for number in 0..<(2 * ConversationLimits.present) { driver.say("JOI p\(number)@example.com P", on: board) }
        #expect(driver.flow.switchboards[board]?.flow?.present.count ?? 0 <= ConversationLimits.present)
        let joined = driver.events.filter { if case .joined = $0 { true } else { false } }
        #expect(joined.count < ConversationLimits.present)
    }

    @Test(
        "Whoever answers where a switchboard should be is nobody, whatever is there",
        arguments: ["closes", "is silent", "speaks otherwise", "refuses"])
    func whoIsThere(what: String) throws {
        var driver = ConversationDriver()
        let (message, _) = try driver.send("hi", to: "bob@example.com")
        while !driver.transfers.isEmpty {
            let board = try driver.transfer()
            switch what {
            case "refuses": driver.failConnect(board)
            case "is silent":
                driver.connect(board)
                driver.fire(.switchboard(board, .entering))
            case "speaks otherwise":
                driver.connect(board)
                driver.say("500 Syntax error", on: board)
            default:
                driver.connect(board)
                driver.drop(board)
            }
        }
        guard case .failed(.unreachable, nil) = driver.outcomes(of: message).first else {
            Issue.record("\(driver.outcomes(of: message))")
            return
        }
    }
}
