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
            .stateDirectory, .logLevel, .logFormat, .sandboxEnabled, .sandboxPort, .sandboxAccounts, .sandboxDialect,
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
