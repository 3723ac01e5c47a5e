import Glibc

/// Asks for a password, which nobody sees and no argument has.
package enum PasswordPrompt {
    /// Bytes that a gateway takes of one.
    private static let longest = 1024
    private static let interrupt: UInt8 = 3

    /// The line that standard input has: typed without an echo where that is a terminal, else as it comes.
    ///
    /// Throws `CommandFailure` where there is none, and where the person gave up.
    package static func read(for account: String) throws(CommandFailure) -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        var usual = termios()
        // Fills the structure.
        guard unsafe tcgetattr(STDIN_FILENO, &usual) == 0 else { throw .configuration("the terminal can't be used") }
        var silent = usual
        // No echo; and Ctrl+C is a character that ends the line, as its signal would leave the terminal without an echo.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        unsafe withUnsafeMutableBytes(of: &silent.c_cc) { unsafe $0[Int(VEOL)] = interrupt }
        // Reads the structure.
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw .configuration("the terminal can't be kept from showing a password")
        }
        // Now that nothing is shown of what is typed.
        say("Password of \(TerminalText.line(account)): ")
        defer {
            // Reads the structure. What was typed behind the line is dropped.
            unsafe _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
            say("\n")
        }
        return try line()
    }

    private static func line() throws(CommandFailure) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count <= longest {
            // Writes the one byte; a byte at a time, as what follows the line is somebody else's.
            let got = unsafe Glibc.read(STDIN_FILENO, &byte, 1)
            if got < 0, errno == EINTR { continue }
            if got == 1, byte == interrupt, isatty(STDIN_FILENO) == 1 {
                throw CommandFailure(message: nil, exitCode: 130)
            }
            if got <= 0 || byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw .usage("There is no password on standard input.") }
        guard bytes.count <= longest else { throw .usage("A password has at most \(longest) bytes.") }
        // One in which bytes were replaced would be another password.
        guard let password = String(validating: bytes, as: UTF8.self) else {
            throw .usage("The password is not in UTF-8.")
        }
        return password
    }

    private static func say(_ text: String) {
        let bytes = Array(text.utf8)
        // Reads no more than it is given; a prompt that nobody sees is no matter.
        unsafe _ = bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
