import MSNP
import Testing

@Suite("Transcripts") struct TranscriptTests {
    @Test("Payloads have the length that their command announces", arguments: Transcript.all)
    func lengths(transcript: Transcript) {
        #expect(!transcript.commands.isEmpty)
        for command in transcript.commands {
            if command.direction.carriesPayload(String(command.line.prefix(3))) {
                #expect(command.line.split(separator: " ").last == "\(command.payload.count)", "\(command.line)")
            } else {
                #expect(command.payload.isEmpty, "\(command.line)")
            }
        }
    }

    @Test("Frames are the commands, and encode to the same bytes", arguments: Transcript.all)
    func framing(transcript: Transcript) {
        for direction in [Direction.fromServer, .fromClient] {
            let commands = transcript.commands.filter { $0.direction == direction }
            let decoded = Decoded(direction, pieces: [transcript.bytes(direction)])
            #expect(decoded.failure == nil)
            #expect(decoded.leftOver == 0)
            #expect(decoded.frames.count == commands.count)
            for (frame, command) in zip(decoded.frames, commands) {
                #expect(frame.encoded() == command.bytes, "\(command.line)")
            }
        }
    }

    @Test("Fragments make no difference", arguments: Transcript.all)
    func fragments(transcript: Transcript) {
        for direction in [Direction.fromServer, .fromClient] {
            let bytes = transcript.bytes(direction)
            let whole = Decoded(direction, pieces: [bytes])
            #expect(Decoded(direction, byteByByte: bytes) == whole)
            for seed: UInt64 in 1...8 {
                var generator = SeededGenerator(seed: seed)
                let cut = Decoded(direction, bytes, longest: seed.isMultiple(of: 2) ? 7 : 90, using: &generator)
                #expect(cut == whole, "seed \(seed)")
            }
        }
    }

    @Test("Each line is a command, and the command says the same line", arguments: Transcript.typed)
    func commands(transcript: Transcript) throws {
        for command in transcript.commands {
            let frame = try #require(Decoded(command.direction, pieces: [command.bytes]).frames.first)
            let again =
                switch command.direction {
                case .fromServer: try ServerCommand(parsing: frame).frame.encoded()
                case .fromClient: try ClientCommand(parsing: frame).frame.encoded()
                }
            let reason = Transcript.differently[command.line]
            #expect((again == command.bytes) == (reason == nil), "\(command.line)")
            if reason != nil {
                // Another form of the same: reading ours gives the same command.
                let frames = Decoded(command.direction, pieces: [again]).frames
                switch command.direction {
                case .fromServer:
                    #expect(try frames.map(ServerCommand.init(parsing:)) == [ServerCommand(parsing: frame)])
                case .fromClient:
                    #expect(try frames.map(ClientCommand.init(parsing:)) == [ClientCommand(parsing: frame)])
                }
            }
        }
    }

    @Test("The same for the directory, invitations, pages and alerts", arguments: Transcript.outreachSection)
    func outreach(transcript: Transcript) throws {
        for command in transcript.commands {
            let frame = try #require(Decoded(command.direction, pieces: [command.bytes]).frames.first)
            let again =
                switch command.direction {
                case .fromServer: try ServerCommand(parsing: frame).frame.encoded()
                case .fromClient: try ClientCommand(parsing: frame).frame.encoded()
                }
            #expect(again == command.bytes, "\(command.line)")
        }
    }

    @Test("The same for switchboards", arguments: Transcript.switchboardSection)
    func switchboards(transcript: Transcript) throws {
        for command in transcript.commands {
            let frame = try #require(Decoded(command.direction, pieces: [command.bytes]).frames.first)
            let again =
                switch (command.direction, frame.command) {
                case (.fromServer, "XFR"), (.fromServer, "RNG"): try ServerCommand(parsing: frame).frame.encoded()
                case (.fromClient, "XFR"): try ClientCommand(parsing: frame).frame.encoded()
                case (.fromServer, _): try SwitchboardServerCommand(parsing: frame).frame.encoded()
                case (.fromClient, _): try SwitchboardClientCommand(parsing: frame).frame.encoded()
                }
            #expect(again == command.bytes, "\(command.line)")
        }
    }

    @Test("The lines that we say differently are all in the transcripts")
    func differences() {
        let lines = Set(Transcript.typed.flatMap(\.commands).map(\.line))
        #expect(lines.isSuperset(of: Transcript.differently.keys))
    }
}
