import MSNP
import Testing

@Suite struct SwitchboardCommandTests {
    private func parse(_ line: String) throws -> SwitchboardServerCommand {
        try SwitchboardServerCommand(parsing: try #require(Decoded(.fromServer, line + "\r\n").frames.first))
    }

    private static let bob = ListMember(handle: "bob@example.com", name: "Bob B.")
    private static func id(_ value: UInt32) -> TransactionID { TransactionID(rawValue: value) }

    @Test(
        "What the lines of the documents mean",
        arguments: [
            ("USR 1 OK bob@example.com Bob%20B.", .entered(id(1), bob)),
            ("CAL 2 RINGING 11752013", .ringing(id(2), session: "11752013")),
            ("IRO 1 1 2 bob@example.com Bob%20B.", .present(id(1), index: 1, count: 2, bob)),
            ("ANS 1 OK", .answered(id(1))), ("JOI bob@example.com Bob%20B.", .joined(bob)),
            ("BYE bob@example.com", .left(handle: bob.handle, idle: false)),
            ("BYE bob@example.com 1", .left(handle: bob.handle, idle: true)),
            ("ACK 2", .acknowledged(id(2))), ("NAK 6", .notDelivered(id(6))),
            ("OUT", .signedOut(.unspecified)), ("217 2", .error(217, id(2))), ("911", .error(911, nil)),
        ] as [(String, SwitchboardServerCommand)])
    func documented(line: String, command: SwitchboardServerCommand) throws {
        #expect(try parse(line) == command)
        #expect(command.frame.encoded() == Array("\(line)\r\n".utf8))
    }

    @Test(
        "What is taken all the same",
        arguments: [
            ("USR 1 OK bob@example.com Bob%20B. 1", .entered(id(1), bob)),
            ("JOI bob%40example.com Bob%20B. 0", .joined(bob)),
            ("JOI bob@example.com", .joined(ListMember(handle: bob.handle, name: ""))),
            ("CAL 2 RINGING", .ringing(id(2), session: "")),
            (
                "CAL 2 RINGING 0f3a9c17d2b84e6a55101f2e3d4c5b6",
                .ringing(id(2), session: "0f3a9c17d2b84e6a55101f2e3d4c5b6")
            ),
            ("BYE bob%40example.com 0", .left(handle: bob.handle, idle: false)),
            ("217 2 some text", .error(217, id(2))),
        ] as [(String, SwitchboardServerCommand)])
    func observed(line: String, command: SwitchboardServerCommand) throws {
        #expect(try parse(line) == command)
    }

    @Test(
        "What is ignored",
        arguments: [
            ("JOI", .missingParameter(command: "JOI", index: 0)), ("BYE", .missingParameter(command: "BYE", index: 0)),
            ("ACK", .invalidTransaction(command: "ACK")), ("NAK x", .invalidTransaction(command: "NAK")),
            ("ANS 1 NO", .invalidParameter(command: "ANS", index: 1)),
            ("CAL 2", .missingParameter(command: "CAL", index: 1)),
            ("IRO 1 x 2 a@b", .invalidParameter(command: "IRO", index: 1)),
            ("NLN NLN a@b x", .unknownCommand("NLN")), ("secret 1", .unknownCommand("?")),
        ] as [(String, ParseError)])
    func ignored(line: String, error: ParseError) {
        #expect(throws: error) { try parse(line) }
    }

    @Test(
        "What a client says, both ways",
        arguments: [
            ("USR 1 a@b 17.3", .enter(id(1), handle: "a@b", cookie: Redacted("17.3"))),
            ("ANS 1 a@b 84.5 1f0c", .answer(id(1), handle: "a@b", cookie: Redacted("84.5"), session: "1f0c")),
            ("CAL 2 bob@example.com", .call(id(2), handle: "bob@example.com")), ("OUT", .leave),
        ] as [(String, SwitchboardClientCommand)])
    func both(line: String, command: SwitchboardClientCommand) throws {
        let frame = try #require(Decoded(.fromClient, line + "\r\n").frames.first)
        #expect(try SwitchboardClientCommand(parsing: frame) == command)
        #expect(command.frame.encoded() == Array("\(line)\r\n".utf8))
    }

    @Test("A message carries its bytes, CR and LF included")
    func payload() throws {
        let command = SwitchboardClientCommand.message(Self.id(4), .always, Redacted(Array("a\r\nOUT\r\n".utf8)))
        #expect(command.frame.encoded() == Array("MSG 4 A 8\r\na\r\nOUT\r\n".utf8))
        #expect(try SwitchboardClientCommand(parsing: command.frame) == command)
    }

    @Test(
        "What a server refuses",
        arguments: [
            ("USR 1 MD5 I a@b", .invalidParameter(command: "USR", index: 3)),
            ("USR 1 a@b", .missingParameter(command: "USR", index: 2)),
            ("ANS 1 a@b c", .missingParameter(command: "ANS", index: 3)),
            ("CAL 1", .missingParameter(command: "CAL", index: 1)),
            ("CAL 1 a@b c", .invalidParameter(command: "CAL", index: 2)),
            ("MSG 1 D 0", .invalidParameter(command: "MSG", index: 1)), ("PNG", .unknownCommand("PNG")),
        ] as [(String, ParseError)])
    func refused(line: String, error: ParseError) throws {
        let frame = try #require(Decoded(.fromClient, line + "\r\n").frames.first)
        #expect(throws: error) { try SwitchboardClientCommand(parsing: frame) }
    }
}
