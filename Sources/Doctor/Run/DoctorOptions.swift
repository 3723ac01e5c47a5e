package import Digests
package import GatewayService
package import MSNP

/// What the doctor was told.
package struct DoctorOptions: Sendable {
    /// An account that is there for being tried with.
    package struct TestAccount: Sendable {
        package let account: Handle
        package let password: Secret
        /// The backend's name; nil for the first one.
        package let backend: String?

        package init(account: Handle, password: Secret, backend: String?) {
            (self.account, self.password, self.backend) = (account, password, backend)
        }
    }

    /// The settings' flags, as `serve` takes them.
    package var flags = ServeFlags()
    /// Of the process.
    package var environment: [String: String] = [:]
    /// The public URL; nil for none.
    package var url: WebAddress?
    /// An API key; nil for none.
    package var key: Secret?
    /// Nil for none.
    package var account: TestAccount?
    /// Origins whose pages have to get through, besides those of the settings.
    package var origins: [String] = []
    /// Where the gateway's webhook comes to; nil where none is tried.
    package var webhookListen: WebhookTarget?
    /// Seconds that a poll waits, which is how long a proxy has to hold it: from 1 to 50.
    package var patience = 50

    package init() {}

    /// Whether anybody has said what a gateway is started with: without backends there is none.
    var hasSettings: Bool {
        flags.config != nil || !flags.backends.isEmpty || flags.sandbox != nil
            || ["CONFIG", "BACKENDS", "SANDBOX_ENABLED"].contains { variable($0) != nil }
    }

    /// Where the state is, for who has said nothing else; nil where nobody has.
    var stateDirectory: String? { flags.state ?? variable("STATE_DIRECTORY") }

    /// A variable of the gateway's; nil for one that is missing or empty.
    private func variable(_ name: String) -> String? {
        environment[SettingsEnvironment.prefix + name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
