import Testing

@testable import MSNP

/// Whatever happens in whatever order: each message has one outcome, each request one answer, and nothing private
/// reaches a third person.
struct ConversationRandomTests {
    private let people = ["bob@example.com", "carol@example.com", "dave@example.com"]

    @Test("Faults in every order", arguments: 0..<24)
    func faults(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var driver = ConversationDriver()
        var messages: [OutgoingMessageID: String] = [:]
        var requests: [RequestID] = []
        for step in 0..<400 {
            let person = people[Int.random(in: 0..<people.count, using: &random)]
            let conversation = driver.flow.conversations.keys.sorted { $0.rawValue < $1.rawValue }
                .randomElement(using: &random)
            let board = driver.open.sorted { $0.rawValue < $1.rawValue }.randomElement(using: &random)
            switch Int.random(in: 0..<22, using: &random) {
            case 0, 1: messages[try driver.send("\(step) \(person)", to: person).0] = person
            case 2:
                if let conversation { try? messages[driver.send("\(step)", to: .conversation(conversation)).0] = "" }
            case 3: requests.append(driver.request(.open([try Handle(validating: person)])))
            case 4: requests.append(driver.request(.open(try people.prefix(2).map { try Handle(validating: $0) })))
            case 5:
                if let conversation {
                    requests.append(driver.request(.invite(try Handle(validating: person), into: conversation)))
                }
            case 6: if let conversation, Bool.random(using: &random) { driver.leave(conversation) }
            case 7: if let conversation { driver.type(in: conversation) }
            case 8: _ = driver.ring(person)
            case 9, 10: if !driver.transfers.isEmpty { _ = try driver.transfer() }
            case 11: if !driver.transfers.isEmpty { try driver.refuseTransfer(.refused(280, command: "XFR")) }
            case 12, 13: if let next = driver.connecting.first { driver.connect(next) }
            case 14: if let next = driver.connecting.first { driver.failConnect(next) }
            case 15, 16: if let board { driver.say("USR 1 OK alice@example.com Alice", on: board) }
            case 17:
                if let board {
                    if Bool.random(using: &random) { driver.say("IRO 1 1 1 \(person) x", on: board) }
                    driver.say("ANS 1 OK", on: board)
                }
            case 18: if let board { driver.say("JOI \(person) x", on: board) }
            case 19:
                if let board {
                    driver.say(Bool.random(using: &random) ? "BYE \(person)" : "BYE \(person) 1", on: board)
                }
            case 20:
                if let board {
                    let transaction = Int.random(in: 1..<12, using: &random)
                    let word = ["ACK", "NAK", "217", "CAL \(transaction) RINGING"].randomElement(using: &random) ?? ""
                    driver.say(word.hasPrefix("CAL") ? word + " 1" : "\(word) \(transaction)", on: board)
                }
            default:
                if let board, Int.random(in: 0..<3, using: &random) == 0 {
                    driver.drop(board)
                } else {
                    let timer = driver.timers.keys.sorted { "\($0)" < "\($1)" }.randomElement(using: &random)
                    if let timer { driver.fire(timer) }
                }
            }
        }
        driver.end()
        for (message, person) in messages {
            #expect(driver.outcomes(of: message).count == 1, "message \(message) to \(person)")
        }
        for request in requests { #expect(driver.completions[request] != nil, "request \(request)") }
        #expect(driver.flow.underway.isEmpty)
        #expect(driver.flow.queuedBytes == 0)
        for (text, called, isOnlyWay) in driver.said where !isOnlyWay {
            guard let person = people.first(where: { text.hasSuffix($0) }) else { continue }
            #expect(
                called?.isSubset(of: [person]) == true,
                "\(text): went out where others were called, or where somebody else calls")
        }
        let opened = driver.events.compactMap { if case .opened(let id, _) = $0 { id } else { nil } }
        #expect(Set(opened).count == opened.count, "told of twice")
    }
}
