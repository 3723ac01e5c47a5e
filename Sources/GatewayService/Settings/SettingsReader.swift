/// Finds the value of a setting: flags before the environment before the file.
struct SettingsReader: Sendable {
    private let flags: [Setting: ServeFlags.Entry]
    private let environment: SettingsEnvironment
    let file: SettingsFile?

    init(flags: ServeFlags, environment: SettingsEnvironment, file: SettingsFile?) {
        self.flags = flags.settings
        self.environment = environment
        self.file = file
    }

    /// Reads a single value; nil when it isn't set anywhere.
    ///
    /// Throws `SettingsError` when `parse` answers nil: the value "is not" what `expected` says.
    func value<Value>(
        _ setting: Setting, _ expected: String, _ parse: (String) -> Value?
    ) throws(SettingsError) -> Value? {
        guard let (content, source) = find(setting) else { return nil }
        guard case .text(let text) = content else { throw SettingsError(setting, source, "takes a single value") }
        return try Self.parsed(text, setting, source, expected, parse)
    }

    /// Reads a list; nil when it isn't set anywhere.
    func list<Value>(
        _ setting: Setting, _ expected: String, _ parse: (String) -> Value?
    ) throws(SettingsError) -> [Value]? {
        guard let (content, source) = find(setting) else { return nil }
        guard case .list(let texts) = content else { throw SettingsError(setting, source, "takes a list") }
        var values: [Value] = []
        for text in texts { values.append(try Self.parsed(text, setting, source, expected, parse)) }
        return values
    }

    /// Where a setting is made; nil where it isn't.
    func source(of setting: Setting) -> SettingSource? { find(setting)?.source }

    /// What is said of these settings, whoever says it; those that nobody sets are left out.
    func said(of settings: [Setting]) -> [Setting: [String]] {
        var said: [Setting: [String]] = [:]
        for setting in settings { said[setting] = find(setting)?.content.texts }
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

    private func find(_ setting: Setting) -> (content: SettingContent, source: SettingSource)? {
        if let flag = flags[setting] { return (flag.content, .flag(flag.name)) }
        if let content = environment.content(of: setting) {
            return (content, .environment(SettingsEnvironment.name(of: setting)))
        }
        if let file, let entry = file.entries[setting.components] {
            return (entry.content, .file(file.path, line: entry.line))
        }
        return nil
    }
}
