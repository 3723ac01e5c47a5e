import ByteText
import MSNP
import Testing

@Suite struct SystemMessageTests {
    private func message(_ fields: String) -> SystemMessage? {
        SystemMessage(
            MIMEPayload(parsing: Array("Content-Type: application/x-msmsgssystemmessage\r\n\r\n\(fields)".utf8)))
    }

    @Test("The notice")
    func documented() throws {
        let payload = try #require(Transcript.systemMessage.commands.first?.payload)
        let notice = try #require(SystemMessage(MIMEPayload(parsing: payload)))
        #expect(notice.kind == SystemMessage.maintenance)
        #expect(notice.minutes == 5)
    }

    @Test(
        "Ends, order and odd values",
        arguments: [
            ("Type: 1\r\nArg1: 15", 1, 15), ("arg1:0\ntype:1\n", 1, 0), ("Type: 1\r\n", 1, nil),
            ("Type: 1\r\nArg1: -5\r\n", 1, nil), ("Type: 1\r\nArg1: soon\r\n", 1, nil),
            ("Type: 7\r\nArg1: 5\r\n", 7, nil),
        ] as [(String, UInt32, UInt32?)])
    func values(fields: String, kind: UInt32, minutes: UInt32?) throws {
        let notice = try #require(message(fields))
        #expect(notice.kind == kind)
        #expect(notice.minutes == minutes)
    }

    @Test("No kind, no notice; nor from fields among the headers", arguments: ["", "Arg1: 5\r\n", "Type: x\r\n"])
    func none(fields: String) {
        #expect(message(fields) == nil)
        let inHeaders = "Content-Type: application/x-msmsgssystemmessage\r\nType: 1\r\nArg1: 5\r\n\r\n"
        #expect(SystemMessage(MIMEPayload(parsing: Array(inHeaders.utf8))) == nil)
    }
}
