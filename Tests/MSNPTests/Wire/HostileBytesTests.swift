import ByteText
import MSNP
import Testing

/// Bytes that nobody meant as MSNP, from a seed: nothing traps, and what is read is read the same way twice.
@Suite struct HostileBytesTests {
    /// Commands of both sides, errors, and one of nobody's.
    private static let commands = [
        "VER", "INF", "USR", "XFR", "CVR", "CVQ", "OUT", "SYN", "LST", "GTC", "BLP", "PRP", "BPR", "ADD", "REM", "REA",
        "CHG", "ILN", "NLN", "FLN", "PNG", "QNG", "CHL", "QRY", "URL", "MSG", "NOT", "IPG", "SDC", "PAG", "911", "XYZ",
        "RNG", "CAL", "JOI", "ANS", "IRO", "BYE", "ACK", "NAK", "FND", "SND",
    ]

    /// Parameters that reach deep into the parsers.
    private static let words = [
        "MD5", "S", "I", "OK", "NS", "SB", "CKI", "FL", "AL", "BL", "RL", "A", "N", "NLN", "HDN", "FLN", "PHH", "MOB",
        "OTH",
        "MSNP6", "CVR0", "a@b", "a%40b", "a%2541@b", "a%b@c", "%", "%4", "%00", "%0D%0A", "%C3", "%2541", "Zoë",
        "\u{301}",
        "☕", "\t", "+5", "-1", "x:y:80", "x]:y:80", "[::1]:80", "10.0.0.5:1863", "host:", ":80", "http://a/", "/b", ",",
        "a,b", "", "4294967295", "4294967296", "99999999",
    ]

    /// A command with a transaction ID more often than not, and some parameters.
    private static func line(_ generator: inout SeededGenerator) -> [UInt8] {
        var tokens = [commands.randomElement(using: &generator) ?? ""]
        if UInt8.random(in: 0..<4, using: &generator) > 0 {
            tokens.append("\(UInt8.random(in: 0...9, using: &generator))")
        }
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            if Bool.random(using: &generator) {
                tokens.append(words.randomElement(using: &generator) ?? "")
            } else {
                tokens.append("\(UInt8.random(in: 0...3, using: &generator))")
            }
        }
        return Array(tokens.joined(separator: " ").utf8) + [0x0D, 0x0A]
    }

    private static func stream(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        switch UInt8.random(in: 0..<3, using: &generator) {
        case 0:
            let length = Int.random(in: 0...300, using: &generator)
            bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        case 1:
            let transcript = Transcript.all[Int.random(in: 0..<Transcript.all.count, using: &generator)]
            bytes = transcript.bytes(Bool.random(using: &generator) ? .fromServer : .fromClient)
            for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[index] = UInt8.random(in: 0...255, using: &generator)
                } else {
                    bytes.remove(at: index)
                }
            }
        default:
            for _ in 0..<Int.random(in: 1...12, using: &generator) { bytes += line(&generator) }
        }
        return bytes
    }

    @Test("Decoding does not depend on fragments", arguments: 1...4 as ClosedRange<UInt64>)
    func fragments(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let bytes = Self.stream(&generator)
            for direction in [Direction.fromServer, .fromClient] {
                let whole = Decoded(direction, pieces: [bytes])
                #expect(Decoded(direction, bytes, longest: 40, using: &generator) == whole, "seed \(seed), \(round)")
                #expect(whole.leftOver <= bytes.count)
            }
        }
    }

    /// Our own form of a command is one: reading it and writing it again changes nothing.
    @Test("Commands survive their own encoding", arguments: 11...14 as ClosedRange<UInt64>)
    func commands(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var parsed = 0
        for _ in 0..<2_000 {
            // Bytes for a payload, should the line announce one.
            let bytes = Self.line(&generator) + Array("payload".utf8)
            if let frame = Decoded(.fromServer, pieces: [bytes]).frames.first,
                let once = try? ServerCommand(parsing: frame).frame.encoded()
            {
                parsed += 1
                let again = Decoded(.fromServer, pieces: [once]).frames.map {
                    try? ServerCommand(parsing: $0).frame.encoded()
                }
                #expect(again == [once], "\(String(decoding: once, as: UTF8.self))")
            }
            if let frame = Decoded(.fromServer, pieces: [bytes]).frames.first,
                let once = try? SwitchboardServerCommand(parsing: frame).frame.encoded()
            {
                let again = Decoded(.fromServer, pieces: [once]).frames.map {
                    try? SwitchboardServerCommand(parsing: $0).frame.encoded()
                }
                #expect(again == [once], "\(String(decoding: once, as: UTF8.self))")
            }
            if let frame = Decoded(.fromClient, pieces: [bytes]).frames.first {
                if let once = try? SwitchboardClientCommand(parsing: frame).frame.encoded() {
                    let again = Decoded(.fromClient, pieces: [once]).frames.map {
                        try? SwitchboardClientCommand(parsing: $0).frame.encoded()
                    }
                    #expect(again == [once], "\(String(decoding: once, as: UTF8.self))")
                }
            }
            if let frame = Decoded(.fromClient, pieces: [bytes]).frames.first,
                let once = try? ClientCommand(parsing: frame).frame.encoded()
            {
                parsed += 1
                let again = Decoded(.fromClient, pieces: [once]).frames.map {
                    try? ClientCommand(parsing: $0).frame.encoded()
                }
                #expect(again == [once], "\(String(decoding: once, as: UTF8.self))")
            }
        }
        // Otherwise the lines reach too little for this to be a test.
        #expect(parsed > 1_000)
    }

    @Test("Payloads, URLs and text take anything")
    func everythingElse() {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<1_500 {
            let bytes = Self.stream(&generator)
            let payload = MIMEPayload(parsing: bytes)
            #expect(payload.body.count <= bytes.count)
            let profile = Profile(payload)
            #expect(profile == nil || payload.contentType == "text/x-msmsgsprofile")
            let text = String(decoding: bytes, as: UTF8.self)
            let shown = DisplayText.sanitized(text)
            #expect(shown.unicodeScalars.count == text.unicodeScalars.count)
            #expect(DisplayText.sanitized(shown) == shown)
            #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
            if let address = WebAddress(parsing: "https://" + text) {
                #expect(WebAddress(parsing: address.origin) == address)
            }
        }
    }
}
