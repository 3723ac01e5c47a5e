package import Gateway
package import HTTPFront
import MSNPClient
package import MSNPSandbox

/// Everything that `serve` needs to know.
package struct ServeSettings: Sendable {
    package var listen: ListenAddress
    /// The backend of the sandbox, where there is one, has the port that was asked for, which may be 0.
    package var gateway: GatewayConfiguration
    /// Nil for none.
    package var sandbox: MSNPSandbox.Configuration?
    package var log = LogSettings()
    /// Nil for none.
    package var stateDirectory: String?
    /// Whether there were API keys when the settings were read.
    package var hasKeys = false

    /// What was set, by setting, whoever set it.
    var said: [Setting: [String]] = [:]

    /// The name of the sandbox's backend.
    package static let sandboxBackend = BackendName.sandbox

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
