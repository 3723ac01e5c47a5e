import Testing

@testable import MSNP

/// Whoever has called us is answered where they are, once they can have nobody with them.
@Suite("Answering where one was called") struct AnsweredThereTests {
    private let bob = "bob@example.com"

    /// Bob has called us, and nobody else is there.
    private func called(keepsOne: Bool = false) throws -> (ConversationDriver, SwitchboardID) {
        var driver = ConversationDriver()
        driver.flow.keepsOneSwitchboard = keepsOne
        let board = driver.ring(bob)
        driver.connect(board)
        #expect(driver.next(board)?.hasPrefix("ANS 1 ") == true)
        driver.say("IRO 1 1 1 \(bob) Bob", on: board)
        driver.say("ANS 1 OK", on: board)
        return (driver, board)
    }

    @Test("After the time in which bob may bring others in, what is for him goes where he is, and nobody is rung")
    func settled() throws {
        var (driver, board) = try called()
        driver.fire(.settling(board))
        let (message, _) = try driver.send("for bob", to: bob)
        #expect(driver.transfers.isEmpty)
        #expect(driver.texts(board) == ["for bob"])
        driver.say("ACK 2", on: board)
        #expect(driver.outcomes(of: message) == [.delivered])
    }

    @Test("Before that one of our own is opened; what waits for it goes there or where bob is, whichever is first")
    func unsettled() throws {
        var (driver, board) = try called()
        try driver.send("for bob", to: bob)
        #expect(driver.texts(board).isEmpty)
        #expect(driver.transfers.count == 1)
        let own = try driver.enter(with: bob)
        #expect(driver.texts(own) == ["for bob"])
    }

    @Test("Where somebody else was, even if they have gone, nothing private is said")
    func guests() throws {
        var (driver, board) = try called()
        driver.say("JOI carol@example.com Carol", on: board)
        driver.fire(.settling(board))
        driver.say("BYE carol@example.com", on: board)
        try driver.send("for bob", to: bob)
        #expect(driver.texts(board).isEmpty)
        #expect(driver.transfers.count == 1)
    }

    @Test("A server with one switchboard for each account: at once where bob is, and others are called there")
    func oneSwitchboard() throws {
        var (driver, board) = try called(keepsOne: true)
        let (_, id) = try driver.send("for bob", to: bob)
        #expect(driver.texts(board) == ["for bob"])
        #expect(driver.next(board)?.hasPrefix("MSG 2 A") == true)
        driver.say("ACK 2", on: board)
        let invitation = driver.request(.invite(try Handle(validating: "carol@example.com"), into: id))
        #expect(driver.next(board) == "CAL 3 carol@example.com")
        driver.say("JOI carol@example.com Carol", on: board)
        #expect(try driver.completions[invitation]?.get().conversation == id)
        #expect(driver.transfers.isEmpty)
    }

    @Test("And where others are with bob there, what is for him alone fails, and nothing is opened")
    func oneSwitchboardWithOthers() throws {
        var (driver, board) = try called(keepsOne: true)
        driver.say("JOI carol@example.com Carol", on: board)
        // In conversations of his own bob is nowhere: a call is the only way, and it would leave him deaf there.
        let (message, _) = try driver.send("for bob", to: bob)
        #expect(driver.texts(board).isEmpty)
        #expect(driver.transfers.isEmpty)
        #expect(driver.outcomes(of: message) == [.failed(.notPrivate)])
    }

    @Test("Eight hundred times bob brings carol in while he is written to: no private word reaches her")
    func race() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<800 {
            var (driver, board) = try called()
            var sent = 0
            // He does so within the time that clients take; what else happens comes in any order.
            let joins = Int.random(in: 0...4, using: &random)
            for step in 0...8 {
                if step == joins { driver.say("JOI carol@example.com Carol", on: board) }
                if step == 5 { driver.fire(.settling(board)) }
                sent += 1
                try driver.send("private \(sent)", to: bob)
                if Bool.random(using: &random), !driver.transfers.isEmpty {
                    _ = try driver.enter(with: bob)
                }
            }
            #expect(driver.texts(board).isEmpty, "carol came at step \(joins)")
        }
    }
}
