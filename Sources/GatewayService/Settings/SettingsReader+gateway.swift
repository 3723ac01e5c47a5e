import Digests
import Gateway
import Logging
import MSNP
import MSNPClient
import MSNPSandbox
import SQLiteStorage
import Storage
import Webhooks

extension SettingsReader {
    /// Who may call, and under which names.
    func readAccess(into configuration: inout GatewayConfiguration) throws(SettingsError) {
        let hosts = try list(.publicHosts, "a host name without scheme and port", Self.hostName)
        configuration.publicHosts = Set(hosts ?? [])
        let origins = try list(.corsOrigins, "an origin, such as https://dashboard.example") { text -> String? in
            guard let address = WebAddress(parsing: text), address.origin == text.lowercased() else { return nil }
            return address.origin
        }
        configuration.corsOrigins = Set(origins ?? [])
        let proxies = try list(.trustedProxies, "an IP address") { IPAddress(literal: $0) == nil ? nil : $0 }
        configuration.trustedProxies = Set(proxies ?? [])
        if let header = try choice(.proxyHeader, of: ProxyHeader.self) { configuration.proxyHeader = header }
        configuration.openSignIn = try bool(.openSignIn)
    }

    /// Where webhooks may go besides public addresses, and through whom.
    func readWebhooks(into configuration: inout WebhookConfiguration) throws(SettingsError) {
        let listed = try list(.webhookAddresses, "an address or a range, such as 192.0.2.7 or 10.0.0.0/8") {
            AddressRange($0)
        }
        configuration.policy.listed = listed ?? []
        configuration.proxy = try value(.webhookProxy, "a proxy, such as http://10.0.0.1:3128") { text -> String? in
            guard let address = WebAddress(parsing: text), address.origin == text.lowercased() else { return nil }
            return address.origin
        }
        let path = try value(.webhookAuthorities, "a path") { $0.isEmpty ? nil : $0 }
        if let path { configuration.authorities = try AuthoritiesFile.read(path).pem }
    }

    /// Nil where nothing is kept.
    func stateDirectory() throws(SettingsError) -> String? {
        try value(.stateDirectory, "a path") { $0.isEmpty ? nil : $0 }
    }

    /// What of sessions outlives the process; nil for nothing.
    ///
    /// What is set for it is checked in any case.
    func state(in directory: String?, credential: String?) throws(SettingsError) -> StateSettings? {
        let store = try choice(.store, of: StateSettings.Kind.self)
        let durability = try choice(.durability, of: SQLiteOptions.Durability.self)
        let bytes = try value(
            .stateBytes, "0, or a whole number from \(StateSettings.smallest) to \(StateSettings.largest)"
        ) { text -> Int? in
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
            return number == 0 || StateSettings.sizes.contains(number) ? number : nil
        }
        let path = try value(.stateKey, "a path") { $0.isEmpty ? nil : $0 }
        if path != nil, directory == nil {
            // Exit code of the configuration even where a flag names the key: the directory is what is missing. Without it
            // people would be signed in again by no start, and nobody would know why.
            throw SettingsError(
                key: Setting.stateKey.key,
                problem: "there is no state directory in which passwords could be kept; name it with --state, or with "
                    + SettingsEnvironment.name(of: .stateDirectory))
        }
        let keys: SealingKeys?
        if let path {
            keys = try StateKeyFile.read(path)
        } else {
            keys = try credential.map { path throws(SettingsError) in
                try StateKeyFile.read(path, isCredential: true)
            }
        }
        guard let directory, (store ?? .usual) == .sqlite else { return nil }
        return StateSettings(
            directory: directory, durability: durability ?? .process, maximumBytes: bytes ?? 0, keys: keys)
    }

    func readLimits(into limits: inout GatewayLimits) throws(SettingsError) {
        for limit in LimitSetting.all {
            if let value = try integer(limit.setting, in: limit.smallest...LimitSetting.largest) {
                limits[keyPath: limit.path] = value
            }
        }
    }

    func log() throws(SettingsError) -> LogSettings {
        var settings = LogSettings()
        if let level = try choice(.logLevel, of: Logger.Level.self) { settings.level = level }
        settings.format = try choice(.logFormat, of: LogFormatChoice.self)?.format
        return settings
    }

    /// Nil when nobody asked for a sandbox; what is set for one is checked in any case.
    func sandbox() throws(SettingsError) -> MSNPSandbox.Configuration? {
        var configuration = MSNPSandbox.Configuration()
        if let port = try integer(.sandboxPort, in: 0...Int(UInt16.max)) { configuration.port = port }
        if let accounts = try integer(.sandboxAccounts, in: MSNPSandbox.Configuration.extraAccountRange) {
            configuration.extraAccounts = accounts
        }
        let dialect = try value(.sandboxDialect, MSNPSandbox.Configuration.dialectNames) { Dialect(named: $0) }
        if let dialect { configuration.newestDialect = dialect }
        return try bool(.sandboxEnabled) == true ? configuration : nil
    }

    /// A name in lower case; nil for anything with scheme, port or path.
    static func hostName(_ text: String) -> String? {
        guard let address = WebAddress(parsing: "https://\(text)"), address.host == text.lowercased() else {
            return nil
        }
        return address.host
    }
}
