import ArgumentParser
import GatewayService
import Storage

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
}
