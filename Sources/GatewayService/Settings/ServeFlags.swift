/// What was typed after `msnp-gateway serve`.
package struct ServeFlags: Sendable {
    /// A value with the flag that set it.
    struct Entry: Sendable {
        let name: String
        let content: SettingContent
    }

    /// The value of `--listen`; nil without it.
    package var listen: String?
    /// The value of `--config`; nil without it.
    package var config: String?
    /// The values of `--backend`, in their order.
    package var backends: [String] = []
    /// Nil without `--sandbox`.
    package var sandbox: SandboxFlag?
    /// The value of `--state`; nil without it.
    package var state: String?
    /// The value of `--state-key`; nil without it.
    package var stateKey: String?
    /// The value of `--web`; nil without it.
    package var web: String?
    /// The values of `--webhook-allow`, in their order.
    package var webhookAddresses: [String] = []
    /// The value of `--webhook-authorities`; nil without it.
    package var webhookAuthorities: String?

    package init() {}

    var settings: [Setting: Entry] {
        var settings: [Setting: Entry] = [:]
        func set(_ setting: Setting, _ name: String, _ value: String?) {
            if let value { settings[setting] = Entry(name: name, content: .text(value)) }
        }
        set(.listen, "--listen", listen)
        set(.stateDirectory, "--state", state)
        set(.stateKey, "--state-key", stateKey)
        set(.webDirectory, "--web", web)
        set(.webhookAuthorities, "--webhook-authorities", webhookAuthorities)
        if !backends.isEmpty { settings[.backends] = Entry(name: "--backend", content: .list(backends)) }
        if !webhookAddresses.isEmpty {
            settings[.webhookAddresses] = Entry(name: "--webhook-allow", content: .list(webhookAddresses))
        }
        if let sandbox {
            set(.sandboxEnabled, "--sandbox", "true")
            if case .port(let port) = sandbox { set(.sandboxPort, "--sandbox", port) }
        }
        return settings
    }
}

/// `--sandbox`, alone or with a port.
package enum SandboxFlag: Equatable, Sendable {
    /// The port is whatever environment or file say, or the usual one.
    case alone
    case port(String)
}
