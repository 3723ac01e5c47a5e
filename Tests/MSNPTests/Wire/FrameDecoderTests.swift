import MSNP
import Testing

@Suite struct FrameDecoderTests {
    @Test(
        "Line ends",
        arguments: [
            "QNG\r\nFLN a@b\r\n", "QNG\nFLN a@b\n", "QNG\r\nFLN a@b\n", "\r\n\n\r\nQNG\r\n\r\nFLN a@b\r\n\r\n\n",
            "QNG \r\nFLN a@b  \r\n",
        ])
    func lineEnds(text: String) {
        let decoded = Decoded(.fromServer, text)
        #expect(decoded.frames == [Frame("QNG"), Frame("FLN", ["a@b"])])
        #expect(decoded.leftOver == 0)
        #expect(Decoded(.fromServer, byteByByte: Array(text.utf8)) == decoded)
    }

    @Test("A carriage return alone ends nothing")
    func bareCarriageReturn() {
        #expect(Decoded(.fromServer, "QNG\rFLN a@b\r\n").frames == [Frame("?", ["a@b"])])
        #expect(Decoded(.fromServer, "FLN a@b\r\r\n").frames == [Frame("FLN", ["a@b\r"])])
        #expect(Decoded(.fromServer, "FLN a@b\r").frames.isEmpty)
    }

    @Test("Tokens end at U+0020 and nothing else, whatever follows it")
    func tokens() {
        #expect(
            Decoded(.fromServer, "NLN NLN a@b \u{301}x\r\n").frames == [Frame("NLN", ["NLN", "a@b", "\u{301}x"])])
        #expect(Decoded(.fromServer, "NLN NLN a@b \u{200D}\r\n").frames == [Frame("NLN", ["NLN", "a@b", "\u{200D}"])])
        #expect(
            Decoded(.fromServer, "FLN a@b\u{A0}\u{3000}\t\u{2028}c\r\n").frames
                == [Frame("FLN", ["a@b\u{A0}\u{3000}\t\u{2028}c"])])
    }

    @Test("Empty tokens stay in the middle and go at the end")
    func emptyTokens() {
        #expect(Decoded(.fromServer, "LST 8  FL   9 \r\n").frames == [Frame("LST", ["8", "", "FL", "", "", "9"])])
    }

    @Test("A stray line end after a payload")
    func strayLineEnds() {
        let decoded = Decoded(.fromServer, "MSG a@b N 3\r\nabc\r\nQNG\r\nNOT 0\r\n\r\nQNG\r\n")
        #expect(
            decoded.frames == [
                Frame("MSG", ["a@b", "N"], payload: Array("abc".utf8)), Frame("QNG"), Frame("NOT", payload: []),
                Frame("QNG"),
            ])
    }

    @Test("Payloads depend on who sends")
    func directions() {
        let fromClient = Decoded(
            .fromClient, "QRY 10 msmsgs@msnmsgr.com 3\r\nabcSDC 1 a 0\r\nPAG 2 a 1\r\nxNOT 5\r\nPNG\r\n")
        #expect(fromClient.frames.map(\.command) == ["QRY", "SDC", "PAG", "NOT", "PNG"])
        #expect(fromClient.frames.map(\.payload?.count) == [3, 0, 1, nil, nil])
        let fromServer = Decoded(.fromServer, "QRY 10\r\nSDC 27 OK\r\nIPG 1\r\nxPAG 5\r\nQNG\r\n")
        #expect(fromServer.frames.map(\.command) == ["QRY", "SDC", "IPG", "PAG", "QNG"])
        #expect(fromServer.frames.map(\.payload?.count) == [nil, nil, 1, nil, nil])
    }

    @Test(
        "A length is decimal digits",
        arguments: ["+5", "-1", "x", "0x10", "5.", "٣", "5\t", "1e3"])
    func invalidLengths(length: String) {
        let decoded = Decoded(.fromServer, "QNG\r\nMSG a@b N \(length)\r\nabcde\r\nQNG\r\n")
        #expect(decoded.frames == [Frame("QNG")])
        #expect(decoded.failure == .invalidPayloadLength(command: "MSG"))
        #expect(decoded.leftOver == 0)
        #expect(Decoded(.fromServer, "MSG\r\n").failure == .invalidPayloadLength(command: "MSG"))
    }

    @Test("A payload has a limit, which is known from its command alone")
    func longPayloads() {
        let most = WireLimits.payload
        for length in ["\(most + 1)", "99999999", "18446744073709551616", String(repeating: "9", count: 400)] {
            let decoded = Decoded(.fromServer, "NOT \(length)\r\n")
            #expect(decoded.failure == .payloadTooLong(command: "NOT"))
        }
        let whole = Decoded(.fromServer, "NOT \(most)\r\n" + String(repeating: "x", count: most) + "QNG\r\n")
        #expect(whole.frames.map(\.payload?.count) == [most, nil])
        #expect(whole.failure == nil)
        #expect(Decoded(.fromServer, "NOT 00000000000000000000000000003\r\nabc").frames.first?.payload?.count == 3)
    }

    @Test("A line has a limit, terminator included, whole or byte by byte", arguments: ["\r\n", "\n"])
    func longLines(end: String) {
        func line(_ length: Int) -> [UInt8] {
            Array(("FLN " + String(repeating: "a", count: length - 4 - end.utf8.count) + end).utf8)
        }
        let longest = line(WireLimits.line)
        #expect(longest.count == WireLimits.line)
        for decoded in [Decoded(.fromServer, pieces: [longest]), Decoded(.fromServer, byteByByte: longest)] {
            #expect(decoded.frames.count == 1)
            #expect(decoded.failure == nil)
        }
        let tooLong = line(WireLimits.line + 1)
        for decoded in [Decoded(.fromServer, pieces: [tooLong]), Decoded(.fromServer, byteByByte: tooLong)] {
            #expect(decoded.frames.isEmpty)
            #expect(decoded.failure == .lineTooLong)
            #expect(decoded.leftOver == 0)
        }
        let endless = [UInt8](repeating: UInt8(ascii: "a"), count: WireLimits.line + 1)
        #expect(Decoded(.fromServer, pieces: [endless]).failure == .lineTooLong)
        // The line after a long one counts for itself.
        #expect(Decoded(.fromServer, pieces: [longest + longest]).frames.count == 2)
    }

    @Test("What arrived before an error is delivered, and nothing is after it")
    func sticky() {
        var decoder = FrameDecoder(.fromServer)
        decoder.append(Array("QNG\r\nMSG x\r\nQNG\r\n".utf8).span)
        #expect(throws: Never.self) { try decoder.next() }
        for _ in 1...3 {
            #expect(throws: FramingError.invalidPayloadLength(command: "MSG")) { try decoder.next() }
            decoder.append(Array("QNG\r\n".utf8).span)
            #expect(decoder.bufferedBytes == 0)
        }
    }

    @Test("A drained decoder holds nothing, and one that waits holds what it waits with")
    func bufferedBytes() throws {
        var decoder = FrameDecoder(.fromServer)
        #expect(decoder.bufferedBytes == 0)
        decoder.append(Array("QNG\r\nFLN a".utf8).span)
        #expect(decoder.bufferedBytes == 10)
        #expect(try decoder.next() == Frame("QNG"))
        #expect(try decoder.next() == nil)
        #expect(decoder.bufferedBytes == 5)
        decoder.append(Array("@b\r\nMSG a@b N 4\r\nxy".utf8).span)
        #expect(try decoder.next() == Frame("FLN", ["a@b"]))
        #expect(try decoder.next() == nil)
        #expect(decoder.bufferedBytes == 2)
        decoder.append(Array("zz\r\n".utf8).span)
        #expect(try decoder.next()?.payload == Array("xyzz".utf8))
        #expect(try decoder.next() == nil)
        #expect(decoder.bufferedBytes == 0)
    }

    @Test("Room that is lent comes back empty, unless something waits in it or it has grown large")
    func lentRoom() throws {
        var decoder = FrameDecoder(.fromServer)
        var room: [UInt8] = []
        room.reserveCapacity(256)
        decoder.append(Array("FLN a@b\r\n".utf8).span, in: &room)
        #expect(room.capacity == 0)
        #expect(try decoder.next() == Frame("FLN", ["a@b"]))
        decoder.giveRoom(to: &room)
        #expect(room.isEmpty && room.capacity >= 256)
        // Part of a command stays where it is, and the room with it; another decoder brings its own.
        decoder.append(Array("FLN a".utf8).span, in: &room)
        #expect(try decoder.next() == nil)
        decoder.giveRoom(to: &room)
        #expect(room.capacity == 0)
        var other = FrameDecoder(.fromServer)
        other.append(Array("QNG\r\n".utf8).span, in: &room)
        #expect(try other.next() == Frame("QNG"))
        other.giveRoom(to: &room)
        #expect(room.capacity > 0)
        decoder.append(Array("@b\r\n".utf8).span, in: &room)
        #expect(try decoder.next() == Frame("FLN", ["a@b"]))
        decoder.giveRoom(to: &room)
        // What much came in at once is not kept.
        decoder.append(Array(repeatElement(Array("QNG\r\n".utf8), count: 1_000).joined()).span, in: &room)
        for _ in 0..<1_000 { #expect(try decoder.next() == Frame("QNG")) }
        #expect(decoder.heldBytes > 4_096)
        decoder.giveRoom(to: &room)
        #expect(room.capacity <= 4_096 && decoder.heldBytes == 0)
    }

    @Test("Many frames in one read")
    func manyFrames() {
        let bytes = Array(
            String(repeating: "NLN BSY bob@example.com Bob%20B.\r\nMSG a@b N 3\r\nabc", count: 5_000).utf8)
        let decoded = Decoded(.fromServer, pieces: [bytes])
        #expect(decoded.frames.count == 10_000)
        #expect(decoded.leftOver == 0)
    }

    @Test("Empty lines between commands are skipped up to a limit, counted anew for each command")
    func emptyLines() throws {
        let empty = Array(String(repeating: "\r\n", count: WireLimits.emptyLines).utf8)
        var decoder = FrameDecoder(.fromServer)
        for _ in 1...3 {
            decoder.append((empty + Array("QNG\r\n".utf8)).span)
            #expect(try decoder.next() == Frame("QNG"))
        }
        decoder.append((empty + [0x0A]).span)
        #expect(throws: FramingError.tooManyEmptyLines) { try decoder.next() }
        #expect(decoder.bufferedBytes == 0)
    }
}
