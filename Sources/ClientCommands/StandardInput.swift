import Glibc

/// What comes in.
package enum StandardInput {
    /// Bytes of a message that a gateway takes.
    private static let longest = 65_536

    /// All of standard input, without the line ends at its end; throws `CommandFailure` for what no message can have.
    package static func text() throws(CommandFailure) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= longest + 1 {
            // Writes no more than it is given room for and keeps nothing.
            let got = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if got == 0 { break }
            if got > 0 {
                bytes += piece.prefix(got)
            } else if errno != EINTR {
                throw .configuration("standard input can't be read")
            }
        }
        while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard bytes.count <= longest else { throw .usage("A message has at most \(longest) bytes.") }
        guard !bytes.isEmpty else { throw .usage("There is no text on standard input.") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("The text on standard input is not in UTF-8.")
        }
        return text
    }
}
