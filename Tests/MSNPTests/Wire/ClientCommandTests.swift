import MSNP
import Testing

@Suite struct ClientCommandTests {
    private static func id(_ value: UInt32) -> TransactionID { TransactionID(rawValue: value) }

    @Test(
        "What a client says, both ways",
        arguments: [
            ("VER 1 MSNP6 MSNP5 MSNP4 CVR0", .dialects(id(1), ["MSNP6", "MSNP5", "MSNP4", "CVR0"])),
            ("INF 2", .securityPackages(id(2))),
            ("USR 3 MD5 I a@b", .nameAccount(id(3), package: "MD5", handle: "a@b")),
            ("USR 4 MD5 S 00ff", .answerSignIn(id(4), package: "MD5", hash: Redacted("00ff"))),
            ("XFR 5 SB", .requestTransfer(id(5), kind: "SB")),
            ("CVR 7 0x0409 win 4.10", .clientVersion(id(7), ["0x0409", "win", "4.10"])),
            ("OUT", .signOut), ("SYN 8 5", .synchronize(id(8), version: 5)),
            ("LST 9 RL", .requestList(id(9), .reverse)),
            ("GTC 10 N", .setAddPrompt(id(10), .allowSilently)), ("BLP 11 BL", .setPrivacy(id(11), .block)),
            ("PRP 21 PHM 1%20(555)", .setPhone(id(21), key: "PHM", "1 (555)")),
            ("PRP 22 NEW", .setPhone(id(22), key: "NEW", nil)),
            ("ADD 13 AL d@e Dave%20%C3%89", .add(id(13), .allow, ListMember(handle: "d@e", name: "Dave É"))),
            ("REM 17 FL d@e", .remove(id(17), .forward, handle: "d@e")),
            ("REA 19 a@b %E2%98%95", .rename(id(19), ListMember(handle: "a@b", name: "☕"))),
            ("CHG 9 NLN", .setPresence(id(9), .online)), ("PNG", .ping), ("CHL 12", .requestChallenge(id(12))),
            ("URL 24 PROFILE 0x0409", .requestService(id(24), service: "PROFILE", parameter: "0x0409")),
            ("URL 25 INBOX", .requestService(id(25), service: "INBOX", parameter: nil)),
        ] as [(String, ClientCommand)])
    func both(line: String, command: ClientCommand) throws {
        let frame = try #require(Decoded(.fromClient, line + "\r\n").frames.first)
        #expect(try ClientCommand(parsing: frame) == command)
        #expect(command.frame.encoded() == Array("\(line)\r\n".utf8))
    }

    @Test("A client ID travels as it is, with the answer as payload")
    func challenge() throws {
        let command = ClientCommand.answerChallenge(
            Self.id(10), clientID: "PROD00504RLUG%WL", answer: Redacted(Array("00ff".utf8)))
        #expect(command.frame.encoded() == Array("QRY 10 PROD00504RLUG%WL 4\r\n00ff".utf8))
        #expect(try ClientCommand(parsing: command.frame) == command)
    }

    @Test("Nothing that a caller passes can end a line or a token")
    func injection() throws {
        let handle = "a@b\r\nOUT\nx y\0"
        let commands: [ClientCommand] = [
            .add(Self.id(1), .allow, ListMember(handle: handle, name: handle)),
            .requestService(Self.id(1), service: "COMPOSE", parameter: handle),
            .setPhone(Self.id(1), key: "PHM", handle), .nameAccount(Self.id(1), package: "MD5", handle: handle),
        ]
        for command in commands {
            let bytes = command.frame.encoded()
            #expect(bytes.filter { $0 < 0x20 } == [0x0D, 0x0A])
            #expect(
                Decoded(.fromClient, pieces: [bytes]).frames.map(\.parameters.count) == [command.frame.parameters.count]
            )
        }
    }

    @Test(
        "What a server refuses",
        arguments: [
            ("VER x", .invalidTransaction(command: "VER")), ("INF +5", .invalidTransaction(command: "INF")),
            ("INF", .invalidTransaction(command: "INF")), ("SYN 1 x", .invalidParameter(command: "SYN", index: 1)),
            ("CHG 1 nln", .invalidParameter(command: "CHG", index: 1)),
            ("USR 1 MD5 X y", .invalidParameter(command: "USR", index: 2)),
            ("USR 1 MD5 I", .missingParameter(command: "USR", index: 3)),
            ("GTC 1 B", .invalidParameter(command: "GTC", index: 1)), ("png", .unknownCommand("png")),
        ] as [(String, ParseError)])
    func refused(line: String, error: ParseError) throws {
        let frame = try #require(Decoded(.fromClient, line + "\r\n").frames.first)
        #expect(throws: error) { try ClientCommand(parsing: frame) }
    }
}
