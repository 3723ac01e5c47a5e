import MSNP
import Testing

@Suite struct OutreachCommandTests {
    private static func id(_ value: UInt32) -> TransactionID { TransactionID(rawValue: value) }

    @Test("A search is what the documents have, and comes back")
    func search() throws {
        let query = try DirectoryQuery(firstName: "Zoë =", lastName: "User", country: "de")
        let command = ClientCommand.search(Self.id(26), query)
        #expect(
            command.frame.encoded()
                == Array("FND 26 fname=Zo%C3%AB%20= lname=User city=* state=* country=DE\r\n".utf8))
        #expect(try ClientCommand(parsing: command.frame) == command)
    }

    @Test(
        "Searches on which servers close are not asked for",
        arguments: [
            ("", "U", nil, nil, "US", .empty), ("A", "*", nil, nil, "US", .anyName),
            ("A", "U", "Berlin", nil, "DE", .placeOutsideUS), ("A", "U", nil, "BE", "DE", .placeOutsideUS),
            ("A", "U", nil, nil, "USA", .invalidCountry), ("A", "U", nil, nil, "D1", .invalidCountry),
            ("A\r\nOUT", "U", nil, nil, "US", .controlCharacter), ("A", "U", "", nil, "US", .empty),
            (String(repeating: "a", count: 301), "U", nil, nil, "US", .tooLong),
        ] as [(String, String, String?, String?, String, DirectoryQueryError)])
    func refused(
        first: String, last: String, city: String?, state: String?, country: String, error: DirectoryQueryError
    ) {
        #expect(throws: error) {
            try DirectoryQuery(firstName: first, lastName: last, city: city, state: state, country: country)
        }
    }

    @Test("A place in the United States may be named")
    func place() throws {
        let query = try DirectoryQuery(firstName: "A", lastName: "U", city: "New York", state: "*", country: "US")
        #expect(query.city == "New York")
        #expect(query.state == DirectoryQuery.anything)
    }

    @Test(
        "What a server refuses",
        arguments: [
            ("FND x", .invalidTransaction(command: "FND")), ("SND 1", .missingParameter(command: "SND", index: 1)),
            ("SDC 1 a@b 0x0409 MSMSGS 0", .missingParameter(command: "SDC", index: 4)),
            ("PAG 1 0", .missingParameter(command: "PAG", index: 1)), ("FNDX 1", .unknownCommand("?")),
        ] as [(String, ParseError)])
    func unreadable(line: String, error: ParseError) throws {
        let frame = try #require(Decoded(.fromClient, line + "\r\n").frames.first)
        #expect(throws: error) { try ClientCommand(parsing: frame) }
    }

    @Test("The old invitation, with as many parameters as its dialect has")
    func oldInvitation() throws {
        let command = ClientCommand.sendMail(Self.id(5), recipient: "a@b", ["0x0409", "MSMSGS"])
        #expect(command.frame.encoded() == Array("SND 5 a@b 0x0409 MSMSGS\r\n".utf8))
        #expect(try ClientCommand(parsing: command.frame) == command)
    }
}
