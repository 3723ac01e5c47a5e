import ArgumentParser
import GatewayService
import Glibc
import Storage

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

extension ExitCode {
    /// Runs a body; its error becomes a line on standard error and the exit code that belongs to it.
    static func explaining<Value, Failure: ExplainedError>(
        _ body: () throws(Failure) -> Value
    ) throws -> Value {
        do throws(Failure) {
            return try body()
        } catch {
            throw explained(error)
        }
    }

    /// The same for what takes its time.
    static func explaining<Value, Failure: ExplainedError>(
        _ body: () async throws(Failure) -> Value
    ) async throws -> Value {
        do throws(Failure) {
            return try await body()
        } catch {
            throw explained(error)
        }
    }

    private static func explained(_ error: some ExplainedError) -> ExitCode {
        Terminal.complain("\(error)")
        return ExitCode(error.exitCode)
    }
}

/// What keeps a command from doing what it is for, as a sentence.
protocol ExplainedError: Error, CustomStringConvertible {
    /// What the command ends with.
    var exitCode: Int32 { get }
}

extension ExplainedError {
    /// That of any failure.
    var exitCode: Int32 { ExitCode.failure.rawValue }
}

extension SettingsError: ExplainedError {}
extension KeysError: ExplainedError {}
extension StartError: ExplainedError {}
extension StoreError: ExplainedError {}
