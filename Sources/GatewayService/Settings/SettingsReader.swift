import Configuration

/// Finds the value of a setting: flags before the environment before the file.
///
/// The providers are asked one by one because `ConfigReader` takes a value that does not fit for one that isn't there,
/// and does not say where a value came from; an error message needs both.
struct SettingsReader: Sendable {
    private let flags: ServeFlags
    private let environment: SettingsEnvironment
    let file: SettingsFile?

    private let flagValues: InMemoryProvider
    private let fileValues: InMemoryProvider

    init(flags: ServeFlags, environment: SettingsEnvironment, file: SettingsFile?) {
        self.flags = flags
        self.environment = environment
        self.file = file
        flagValues = InMemoryProvider(name: "flags", values: Self.values(flags.settings.mapValues(\.content)))
        let entries = file.map { Dictionary(uniqueKeysWithValues: $0.entries.values.map { ($0.setting, $0.content) }) }
        fileValues = InMemoryProvider(name: "file", values: Self.values(entries ?? [:]))
    }

    private static func values(_ contents: [Setting: ConfigContent]) -> [AbsoluteConfigKey: ConfigValue] {
        Dictionary(
            uniqueKeysWithValues: contents.map {
                (AbsoluteConfigKey($0.key.components), ConfigValue($0.value, isSecret: false))
            })
    }

    /// Reads a single value; nil when it isn't set anywhere.
    ///
    /// Throws `SettingsError` when `parse` answers nil: the value "is not" what `expected` says.
    func value<Value>(
        _ setting: Setting, _ expected: String, _ parse: (String) -> Value?
    ) throws(SettingsError) -> Value? {
        guard let (content, source) = find(setting) else { return nil }
        guard case .string(let text) = content else { throw SettingsError(setting, source, "takes a single value") }
        return try Self.parsed(text, setting, source, expected, parse)
    }

    /// Reads a list; nil when it isn't set anywhere.
    func list<Value>(
        _ setting: Setting, _ expected: String, _ parse: (String) -> Value?
    ) throws(SettingsError) -> [Value]? {
        guard let (content, source) = find(setting) else { return nil }
        guard case .stringArray(let texts) = content else { throw SettingsError(setting, source, "takes a list") }
        var values: [Value] = []
        for text in texts { values.append(try Self.parsed(text, setting, source, expected, parse)) }
        return values
    }

    /// Where a setting is made; nil where it isn't.
    func source(of setting: Setting) -> SettingSource? { find(setting)?.source }

    /// What is said of these settings, whoever says it; those that nobody sets are left out.
    func said(of settings: [Setting]) -> [Setting: [String]] {
        var said: [Setting: [String]] = [:]
        for setting in settings {
            switch find(setting)?.content {
            case .string(let text)?: said[setting] = [text]
            case .stringArray(let texts)?: said[setting] = texts
            default: break
            }
        }
        return said
    }

    private static func parsed<Value>(
        _ text: String, _ setting: Setting, _ source: SettingSource, _ expected: String, _ parse: (String) -> Value?
    ) throws(SettingsError) -> Value {
        guard let value = parse(text) else {
            throw SettingsError(setting, source, "\(SettingsError.quote(text)) is not \(expected)")
        }
        return value
    }

    private func find(_ setting: Setting) -> (content: ConfigContent, source: SettingSource)? {
        let key = AbsoluteConfigKey(setting.components)
        let type: ConfigType =
            switch setting.shape {
            case .text: .string
            case .list: .stringArray
            }
        // None of the three throws: texts and lists of texts need no conversion, and the file has checked its shapes.
        if let content = (try? flagValues.value(forKey: key, type: type))?.value?.content {
            return (content, .flag(flags.settings[setting]?.name ?? setting.key))
        }
        if let found = try? environment.provider.value(forKey: key, type: type), let content = found.value?.content {
            return (content, .environment(SettingsEnvironment.prefix + found.encodedKey))
        }
        if let file, let content = (try? fileValues.value(forKey: key, type: type))?.value?.content {
            return (content, .file(file.path, line: file.entries[setting.components]?.line))
        }
        return nil
    }
}
