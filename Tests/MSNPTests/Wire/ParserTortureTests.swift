import MSNP
import Testing

@Suite("Parser torture") struct ParserTortureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var pieces: [[UInt8]]
        var commands: [ServerCommand] = []
        var failure: FramingError?

        init(_ text: String, _ commands: ServerCommand..., failure: FramingError? = nil) {
            self.init([Array(text.utf8)], commands, failure: failure)
        }

        init(_ pieces: [[UInt8]], _ commands: [ServerCommand], failure: FramingError? = nil) {
            name = String(decoding: pieces.joined(), as: UTF8.self)
            self.pieces = pieces
            self.commands = commands
            self.failure = failure
        }

        var testDescription: String { name.debugDescription }
    }

    private static func initial(_ name: String) -> ServerCommand {
        .initialPresence(TransactionID(rawValue: 9), .online, ListMember(handle: "a@b", name: name))
    }

    private static func message(_ payload: String) -> ServerCommand {
        .message(from: ListMember(handle: "a@b", name: "N"), Redacted(Array(payload.utf8)))
    }

    static let rows: [Row] = [
        Row([Array("QNG\r".utf8), Array("\nFLN a@b\r\n".utf8)], [.pong, .offline(handle: "a@b")]),
        Row(
            [Array("NLN NLN a@b Zo".utf8) + [0xC3], [0xAB] + Array("\r\n".utf8)],
            [.presence(.online, ListMember(handle: "a@b", name: "Zoë"))]),
        Row([Array("MSG a@b N 3\r\nab".utf8), Array("cQNG\r\n".utf8)], [message("abc"), .pong]),
        Row("MSG a@b N 4\r\nQNG\n", message("QNG\n")),
        Row(
            "LST 8 FL 9 1 1 a@b \r\n",
            .list(
                TransactionID(rawValue: 8),
                ListEntry(
                    list: .forward, version: 9, index: 1, count: 1, member: ListMember(handle: "a@b", name: "")))),
        Row("BPR 9 a@b PHW\r\n", .contactPhone(version: 9, handle: "a@b", .work, nil)),
        Row("540\r\n", .error(540, nil)),
        Row("540 7\r\n", .error(540, TransactionID(rawValue: 7))),
        Row("540 7 text here\r\n", .error(540, TransactionID(rawValue: 7))),
        Row("ILN 9 NLN a@b x%\r\n", initial("x%")),
        Row("ILN 9 NLN a@b x%zz%41\r\n", initial("x%zzA")),
        Row("ILN 9 NLN a@b %FF\r\n", initial("\u{FFFD}")),
        Row("XYZ 1 2 3\r\nQNG\r\n", .pong),
        Row("MSG a@b N x\r\n", failure: .invalidPayloadLength(command: "MSG")),
        Row("MSG a@b N 99999999\r\n", failure: .payloadTooLong(command: "MSG")),
        Row("QRY 10\r\nQNG\r\n", .challengeAccepted(TransactionID(rawValue: 10)), .pong),
    ]

    @Test(arguments: rows)
    func row(row: Row) {
        let decoded = Decoded(.fromServer, pieces: row.pieces)
        #expect(decoded.commands == row.commands)
        #expect(decoded.failure == row.failure)
        #expect(decoded.leftOver == 0)
        #expect(Decoded(.fromServer, byteByByte: Array(row.pieces.joined())) == decoded)
    }
}
