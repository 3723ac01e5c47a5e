import Configuration

/// The environment variables that make settings: `MSNP_GATEWAY_` and the key in capitals, with `_` between its words.
///
/// Others that begin so are not refused as unknown keys of the file are: cluster managers make some of their own, as
/// `MSNP_GATEWAY_PORT_8080_TCP` for a service of this name. An empty variable counts as one that isn't there, which is
/// how compose files and units hand on what was not set.
package struct SettingsEnvironment: Sendable {
    package static let prefix = "MSNP_GATEWAY_"
    /// Names the settings file, where no flag does.
    package static let fileVariable = prefix + "CONFIG"

    let provider: EnvironmentVariablesProvider
    /// The path in `MSNP_GATEWAY_CONFIG`.
    let file: String?

    package init(_ variables: [String: String]) {
        var own: [String: String] = [:]
        for (name, value) in variables where name.hasPrefix(Self.prefix) && !value.isEmpty {
            own[String(name.dropFirst(Self.prefix.count))] = value
        }
        provider = EnvironmentVariablesProvider(environmentVariables: own)
        file = variables[Self.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The variable that makes a setting.
    package static func name(of setting: Setting) -> String {
        let key = AbsoluteConfigKey(setting.components)
        // Nothing is found and nothing can go wrong: the provider is asked for its spelling only.
        let lookup = try? EnvironmentVariablesProvider(environmentVariables: [:]).value(forKey: key, type: .string)
        return prefix + (lookup?.encodedKey ?? setting.key)
    }
}
