import MSNP
import Testing

/// A conversation as docs/protocol.md writes it, taken apart into commands.
///
///     C: QRY 10 msmsgs@msnmsgr.com 32
///     > 3b6666b60157322b6fc6e41a115968f5
///     S: QRY 10
///     * both sides close
///
/// `C:` and `S:` are lines, `|` is a payload line with its CRLF, `>` one without, `*` tells what else happens.
struct Transcript: Sendable {
    /// One command and the payload lines under it.
    struct Command: Equatable, Sendable {
        var direction: Direction
        var line: String
        /// Empty when there are no payload lines; `bytes` does not care.
        var payload: [UInt8] = []

        var bytes: [UInt8] { Array(line.utf8) + [0x0D, 0x0A] + payload }
    }

    /// What it is about, by an anchor of docs/protocol.md where one says it, and which of several.
    let title: String
    private(set) var commands: [Command] = []

    init(_ title: String, _ text: String) {
        self.title = title
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("C: ") {
                commands.append(Command(direction: .fromClient, line: String(line.dropFirst(3))))
            } else if line.hasPrefix("S: ") {
                commands.append(Command(direction: .fromServer, line: String(line.dropFirst(3))))
            } else if line.hasPrefix("|"), !commands.isEmpty {
                commands[commands.count - 1].payload += Array(line.dropFirst(2).utf8) + [0x0D, 0x0A]
            } else if line.hasPrefix("> "), !commands.isEmpty {
                commands[commands.count - 1].payload += Array(line.dropFirst(2).utf8)
            } else if !line.hasPrefix("* ") {
                preconditionFailure("\(title) has a line of no kind: \(line)")
            }
        }
    }

    /// Everything that one side says, as it is on the wire.
    func bytes(_ direction: Direction) -> [UInt8] {
        commands.filter { $0.direction == direction }.flatMap(\.bytes)
    }
}

extension Transcript: CustomTestStringConvertible {
    var testDescription: String { title }
}
