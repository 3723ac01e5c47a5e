/// One thing that the operator can set: its key, from which its other names follow.
///
/// `limits.journal.events` in the file, nested or dotted, is `MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS` in the environment.
package struct Setting: Hashable, Sendable {
    /// What kind of value it takes.
    package enum Shape: Sendable {
        case text
        /// A sequence in the file, separated by commas in the environment.
        case list
    }

    /// The key in its parts: `limits`, `journal`, `events`.
    package let components: [String]
    package let shape: Shape

    init(_ key: String, _ shape: Shape = .text) {
        components = key.split(separator: ".").map(String.init)
        self.shape = shape
    }

    init(_ setting: BackendSetting, of backend: String) {
        components = ["backend", backend, setting.rawValue]
        shape = setting.shape
    }

    /// The components with dots between them, as the documentation and error messages have it.
    package var key: String { components.joined(separator: ".") }
}

extension Setting {
    static let listen = Setting("listen")
    static let backends = Setting("backends", .list)
    static let publicHosts = Setting("publicHosts", .list)
    static let corsOrigins = Setting("corsOrigins", .list)
    static let trustedProxies = Setting("trustedProxies", .list)
    static let proxyHeader = Setting("proxyHeader")
    static let openSignIn = Setting("openSignIn")
    static let webDirectory = Setting("webDirectory")
    static let stateDirectory = Setting("stateDirectory")
    static let stateKey = Setting("stateKey")
    static let store = Setting("store")
    static let durability = Setting("durability")
    static let stateBytes = Setting("stateBytes")
    static let webhookAddresses = Setting("webhooks.allowedAddresses", .list)
    static let webhookProxy = Setting("webhooks.proxy")
    static let webhookAuthorities = Setting("webhooks.authorities")
    static let logLevel = Setting("logLevel")
    static let logFormat = Setting("logFormat")
    static let sandboxEnabled = Setting("sandbox.enabled")
    static let sandboxPort = Setting("sandbox.port")
    static let sandboxAccounts = Setting("sandbox.accounts")
    static let sandboxDialect = Setting("sandbox.dialect")

    /// Every setting but those of single backends, in the order in which the documentation lists them.
    package static let all: [Setting] =
        [
            .listen, .backends, .publicHosts, .corsOrigins, .trustedProxies, .proxyHeader, .openSignIn, .webDirectory,
            .stateDirectory, .stateKey, .store, .durability, .stateBytes, .webhookAddresses, .webhookProxy,
            .webhookAuthorities, .logLevel, .logFormat, .sandboxEnabled, .sandboxPort, .sandboxAccounts,
            .sandboxDialect,
        ] + LimitSetting.all.map(\.setting)

    private static let byComponents = Dictionary(uniqueKeysWithValues: all.map { ($0.components, $0) })

    /// The setting with this key; nil when there is none.
    static func find(_ components: [String]) -> Setting? {
        if let setting = byComponents[components] { return setting }
        guard components.count == 3, components[0] == "backend", BackendName.isValid(components[1]),
            let setting = BackendSetting(rawValue: components[2])
        else { return nil }
        return Setting(setting, of: components[1])
    }

    /// Whether there are settings whose keys begin so.
    static func isGroup(_ components: [String]) -> Bool {
        if components.first == "backend" {
            return components.count == 1 || (components.count == 2 && BackendName.isValid(components[1]))
        }
        return all.contains { $0.components.count > components.count && $0.components.starts(with: components) }
    }
}

extension Setting {
    /// Those besides the limits: who may call and from where, where webhooks may go, and how much is logged.
    private static let changeable: Set<Setting> = [
        .publicHosts, .corsOrigins, .trustedProxies, .proxyHeader, .openSignIn, .webhookAddresses, .logLevel,
    ]

    /// Whether it can change while the gateway runs, by `SIGHUP`.
    ///
    /// Of what the other settings decide, sockets, servers and files are open already.
    package var isChangeable: Bool { Self.changeable.contains(self) || components.first == "limits" }
}

/// What can be set for one backend, as `backend.NAME.…`.
///
/// None of the names is the end of another after a word boundary, so that the environment names of two backends can't
/// be the same although hyphens and dots both become underscores.
package enum BackendSetting: String, CaseIterable, Sendable {
    case loginHosts
    case keepalive
    case quirks
    case dialects
    case rewrites
    case allowedAddresses
    case connectTimeout
    case signInTimeout
    case requestTimeout
    case signInsInFlight
    case signInsPerSecond

    var shape: Setting.Shape {
        switch self {
        case .loginHosts, .quirks, .dialects, .rewrites, .allowedAddresses: .list
        case .keepalive, .connectTimeout, .signInTimeout, .requestTimeout, .signInsInFlight, .signInsPerSecond: .text
        }
    }
}
