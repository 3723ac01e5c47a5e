import Encodings

/// One command as it travels: its name, its raw parameters, and its payload if it has one.
///
///     S: NLN BSY bob@example.com Bob%20B.
///
/// The parameters are as on the wire, still percent-encoded. The length of a payload is not among them: it is taken
/// off when a frame is cut out of the stream and put on when the frame is encoded.
package struct Frame: Equatable, Sendable {
    /// Three letters or digits, the digits an error's; `?` for a line that begins with anything else, which no peer's
    /// command does.
    package var command: String
    /// Raw tokens, empty ones in the middle kept and trailing ones dropped (docs/protocol.md#lines).
    package var parameters: [String]
    /// The bytes after the line, for the commands of `Direction.carriesPayload(_:)`.
    package var payload: [UInt8]?

    package init(_ command: String, _ parameters: [String] = [], payload: [UInt8]? = nil) {
        self.command = command
        self.parameters = parameters
        self.payload = payload
    }

    /// A command with its number, or without one.
    init(_ command: String, _ transaction: TransactionID?, _ parameters: [String] = [], payload: [UInt8]? = nil) {
        self.init(command, (transaction.map { [$0.description] } ?? []) + parameters, payload: payload)
    }

    /// Splits a line at U+0020 alone (docs/protocol.md#lines).
    init(line: [UInt8]) { self.init(line: line.span) }

    /// The same of bytes where they are: 0.1 µs for each line less than as a collection.
    init(line: Span<UInt8>) { self = unsafe line.withUnsafeBufferPointer { unsafe Frame(words: $0) } }

    /// A pointer, as looking through spans, checks and all, was 7 µs of a sign-in with 20 contacts by the profile; the bytes are
    /// copied inside the call.
    private init(words line: UnsafeBufferPointer<UInt8>) {
        // Bytes are split, not Characters: a space and the combining mark after it are one Character. No longer UTF-8
        // sequence holds 0x20, so no letter is cut. What is no UTF-8 becomes U+FFFD.
        let space: UInt8 = 0x20
        var end = line.count
        // All places are below `end`, which is at most the count.
        while end > 0, unsafe line[end - 1] == space { end -= 1 }
        var spaces = 0
        for place in 0..<end where unsafe line[place] == space { spaces += 1 }
        command = Self.noCommand
        parameters = []
        parameters.reserveCapacity(spaces)
        var start = 0
        var isFirst = true
        while true {
            var stop = start
            while stop < end, unsafe line[stop] != space { stop += 1 }
            let bytes = unsafe UnsafeBufferPointer(rebasing: line[start..<stop])
            if isFirst {
                // A stream that has slipped can have part of a ticket where a command belongs, and any length of it.
                if unsafe Self.isCommand(bytes) { command = unsafe String(decoding: bytes, as: UTF8.self) }
                isFirst = false
            } else {
                parameters.append(unsafe String(decoding: bytes, as: UTF8.self))
            }
            guard stop < end else { return }
            start = stop + 1
        }
    }

    /// The bytes on the wire.
    ///
    /// No parameter can break out of its place: white space and control characters are percent-encoded here, whatever
    /// the caller forgot.
    package func encoded() -> [UInt8] {
        var bytes = Array(command.utf8)
        for parameter in parameters {
            bytes.append(UInt8(ascii: " "))
            for byte in parameter.utf8 {
                if byte <= 0x20 || byte == 0x7F {
                    PercentEscapes.append(byte, to: &bytes)
                } else {
                    bytes.append(byte)
                }
            }
        }
        if let payload {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: String(payload.count).utf8)
        }
        bytes.append(contentsOf: [0x0D, 0x0A])
        if let payload { bytes.append(contentsOf: payload) }
        return bytes
    }
}

extension Frame {
    /// The number of the command or of the one that it answers; nil where the first parameter is none.
    package var transaction: TransactionID? { parameters.first.flatMap(TransactionID.init(parsing:)) }

    /// The command if it has a command's form, else `?`.
    ///
    /// A stream that has slipped can have part of a ticket where a command belongs.
    package var printableCommand: String {
        Self.isCommand(command.utf8) ? command : Self.noCommand
    }

    private static let noCommand = "?"

    private static func isCommand(_ word: some Collection<UInt8>) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return word.count == WireLimits.command && word.allSatisfy(isAlphanumeric)
    }
}

extension Frame {
    /// A number that may be left out, as parameters.
    static func number(_ number: UInt32?) -> [String] { number.map { [String($0)] } ?? [] }

    /// A text that may be left out, as parameters.
    static func text(_ text: String?) -> [String] { text.map { [PercentEncoding.encode($0)] } ?? [] }
}

extension Frame: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The command and its size: parameters can be hashes, tickets and names, and belong in no log.
    package var description: String {
        "\(printableCommand) (\(parameters.count) parameters\(payload.map { ", \($0.count) bytes" } ?? ""))"
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
