package import Gateway
package import HTTPFront
package import MSNP
import MSNPClient
package import MSNPSandbox

/// Everything that `serve` needs to know.
package struct ServeSettings: Sendable {
    package var listen: ListenAddress
    /// Of the sockets that the service manager has opened for the process: where there are any, they take the place of `listen`.
    package var inherited: [ListenAddress] = []
    /// The backend of the sandbox, where there is one, has the port that was asked for, which may be 0.
    package var gateway: GatewayConfiguration
    /// Nil for none.
    package var sandbox: MSNPSandbox.Configuration?
    package var log = LogSettings()
    /// Nil for none.
    package var stateDirectory: String?
    /// What of sessions outlives the process, and how; nil for nothing.
    package var state: StateSettings?
    /// Whether there were API keys when the settings were read.
    package var hasKeys = false

    /// What was set, by setting, whoever set it.
    var said: [Setting: [String]] = [:]

    /// The name of the sandbox's backend.
    package static let sandboxBackend = BackendName.sandbox

    /// Where the gateway listens.
    package var addresses: [ListenAddress] { inherited.isEmpty ? [listen] : inherited }

    /// Whether somebody has set an address that nobody listens at.
    package var passesListenOver: Bool { !inherited.isEmpty && said[.listen] != nil }

    /// For the log, in their order.
    package var backendNames: String { gateway.backends.map(\.name).joined(separator: ",") }

    /// Whether there is no way to sign in: allowed, but seldom meant.
    package var closesSignIn: Bool {
        if hasKeys { return false }
        return !(gateway.openSignIn ?? (gateway.publicHosts.isEmpty && gateway.trustedProxies.isEmpty))
    }

    /// Takes the pages that came with the program where nobody said which.
    package mutating func findWebDirectory(executable: String?, currentDirectory: String) {
        if gateway.webDirectory != nil { return }
        gateway.webDirectory = WebDirectory.find(executable: executable, currentDirectory: currentDirectory)
    }
}

/// What a backend may be called.
enum BackendName {
    /// The name of the backend that `--sandbox` adds.
    static let sandbox = "sandbox"

    /// Longer than any host label that it may have been taken from.
    static let longest = 64

    /// Lower-case letters and digits in words with single hyphens between them: what a key of the file, an environment
    /// name and a JSON value can all say, each name in one way.
    static func isValid(_ name: some StringProtocol) -> Bool {
        name.utf8.count <= longest
            && name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty
                    && word.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                        default: false
                        }
                    }
            }
    }
}

extension MSNPSandbox.Configuration {
    /// How many extra accounts can be asked for: ten times what one gateway can sign in.
    package static let extraAccountRange = 0...100_000

    /// For messages about a dialect that isn't one.
    package static var dialectNames: String {
        "one of " + Dialect.allCases.map(\.name).joined(separator: ", ")
    }

    /// Host and port of the dispatch server as they are asked for.
    package var dispatchAddress: ServerAddress {
        ServerAddress(host: host, port: UInt16(exactly: port) ?? ServerAddress.defaultPort)
    }
}

extension ServeSettings {
    /// How many sessions the operator wants; nil where nobody has said so.
    package var saidSessions: Int? { said[Setting("limits.sessions")] == nil ? nil : gateway.limits.sessions }

    /// The file of keys that the operator has named; nil for none.
    package var saidStateKey: String? { said[.stateKey]?.first }
}
