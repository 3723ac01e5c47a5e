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
    static func explaining<Value>(_ body: () throws(SettingsError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(error.exitCode)
        }
    }

    /// The same for what keeps API keys from being listed or changed.
    static func explaining<Value>(_ body: () throws(KeysError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(error.exitCode)
        }
    }

    /// The same for what can't start: exit code 1.
    static func explaining<Value>(_ body: () async throws(StartError) -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// The same for what is wrong with the state directory: exit code 1.
    static func explaining<Value>(_ body: () throws(StoreError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// The same for what takes its time.
    static func explaining<Value>(_ body: () async throws(StoreError) -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}
