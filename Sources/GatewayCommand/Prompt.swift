import Digests
import GatewayService
import Glibc

/// What a person is asked for at the terminal.
enum Prompt {
    /// Bytes of an answer: more than any password has.
    private static let longest = 1024
    private static let interrupt: UInt8 = 3

    /// Asks for something that nobody is to see, without echo; standard input where it is no terminal.
    ///
    /// Throws `SettingsError` where nothing comes. Ctrl+C ends the process, once the terminal is as it was.
    static func secret(_ question: String) throws(SettingsError) -> Secret {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var before = termios()
        // Both use the structure that is handed in and keep nothing.
        let isKnown = unsafe isTerminal && tcgetattr(STDIN_FILENO, &before) == 0
        if isKnown {
            var silent = before
            // Ctrl+C is a character that ends the line, as its signal would leave the terminal without an echo.
            silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
            unsafe withUnsafeMutableBytes(of: &silent.c_cc) { unsafe $0[Int(VEOL)] = interrupt }
            unsafe _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
            // Now that nothing is shown of what is typed.
            LineOutput.standardError.write(Array(question.utf8))
        }
        var line: [UInt8] = []
        // Room for all of it: bytes that grow leave copies behind.
        line.reserveCapacity(longest)
        defer { Secret.overwrite(&line) }
        var byte: UInt8 = 0
        // Reads one byte at a time, so that nothing behind the line is taken.
        while line.count < longest, unsafe read(STDIN_FILENO, &byte, 1) == 1, byte != 0x0A {
            if isKnown, byte == interrupt { break }
            line.append(byte)
        }
        if isKnown {
            // Reads the structure. What was typed behind the line is dropped.
            unsafe _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            LineOutput.standardError.write([0x0A])
            if byte == interrupt {
                Secret.overwrite(&line)
                exit(130)
            }
        }
        if line.last == 0x0D { line.removeLast() }
        guard !line.isEmpty else {
            throw SettingsError(problem: "there is no password; type it, or say --password-file")
        }
        return Secret(copying: line.span)
    }
}
