import GatewayService
import Glibc

/// What the command says to the person who typed it; everything else is the log's.
enum Terminal {
    /// A line on standard output, if somebody sits before it.
    static func say(_ line: String) {
        guard isatty(STDOUT_FILENO) == 1 else { return }
        LineOutput(descriptor: STDOUT_FILENO).write(Array("\(line)\n".utf8))
    }

    /// A line that was asked for; whether standard output took it.
    static func answer(_ line: String) -> Bool {
        LineOutput(descriptor: STDOUT_FILENO).write(Array("\(line)\n".utf8))
    }

    /// Why the command ends, whoever reads it.
    static func complain(_ line: String) {
        LineOutput.standardError.write(Array("msnp-gateway: \(line)\n".utf8))
    }
}
