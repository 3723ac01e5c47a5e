import ByteText
import MSNP
import MSNPClient
import MSNPSandbox

extension SettingsReader {
    /// The backends in their order, the sandbox last; throws when there is none.
    func backends(sandbox: MSNPSandbox.Configuration?) throws(SettingsError) -> [BackendConfiguration] {
        let listed = try list(
            .backends, "NAME=HOST:PORT, with a name of lower-case letters, digits and hyphens", Self.backend)
        var backends = listed ?? []
        if let sandbox {
            var backend = BackendConfiguration(name: BackendName.sandbox, address: sandbox.dispatchAddress)
            backend.quirks.insert(.pipelines)
            backend.loginHosts = [loginHost]
            backends.append(backend)
        }
        guard !backends.isEmpty else {
            throw SettingsError(
                key: Setting.backends.key,
                problem:
                    "there is no backend; name one with --backend NAME=HOST:PORT, or try the gateway with --sandbox")
        }
        for index in backends.indices {
            let name = backends[index].name
            if backends[..<index].contains(where: { $0.name == name }) {
                throw SettingsError(.backends, source(of: .backends), "two backends are called \(name)")
            }
            try read(into: &backends[index])
        }
        return backends
    }

    /// Settings in the file for a backend that is neither used nor listed in the file are a misspelt name.
    func checkBackendNames(in backends: [BackendConfiguration]) throws(SettingsError) {
        guard let file else { return }
        var names = Set(backends.map(\.name) + [BackendName.sandbox])
        // Flags and environment may have taken the place of the file's own list.
        if let content = file.entries[Setting.backends.components]?.content, case .list(let listed) = content {
            names.formUnion(listed.compactMap { Self.backend($0)?.name })
        }
        let strangers = file.entries.values.filter { $0.setting.components[0] == "backend" }
            .filter { !names.contains($0.setting.components[1]) }
        if let first = strangers.min(by: { $0.line < $1.line }) {
            throw SettingsError(
                first.setting, .file(file.path, line: first.line),
                "there is no backend \(SettingsError.quote(first.setting.components[1]))")
        }
    }

    private func read(into backend: inout BackendConfiguration) throws(SettingsError) {
        let name = backend.name
        func setting(_ setting: BackendSetting) -> Setting { Setting(setting, of: name) }

        if let hosts = try list(setting(.loginHosts), "a host name without scheme and port", Self.hostName) {
            backend.loginHosts = Set(hosts)
        }
        if let mode = try choice(setting(.keepalive), of: KeepaliveMode.self) { backend.keepalive = mode }
        if let quirks = try list(setting(.quirks), BackendQuirk.words, BackendQuirk.init(parsing:)) {
            backend.quirks = Set(quirks)
        }
        try readDialects(setting(.dialects), into: &backend)
        for (from, to) in try list(setting(.rewrites), Self.rewriteForm, Self.rewrite) ?? [] {
            backend.rewrites[FoldedText(from)] = to
        }
        if let addresses = try list(setting(.allowedAddresses), "an IP address", { IPAddress(literal: $0) }) {
            backend.addressPolicy.listed = Set(addresses)
        }
        if let seconds = try seconds(setting(.connectTimeout)) { backend.connectTimeout = .seconds(Int64(seconds)) }
        if let seconds = try seconds(setting(.signInTimeout)) { backend.timeouts.signInStep = .seconds(seconds) }
        if let seconds = try seconds(setting(.requestTimeout)) { backend.timeouts.request = .seconds(seconds) }
        if let count = try integer(setting(.signInsInFlight), in: 1...LimitSetting.largest) {
            backend.signInsInFlight = count
        }
        if let rate = try integer(setting(.signInsPerSecond), in: 0...LimitSetting.largest) {
            backend.signInsPerSecond = rate == 0 ? nil : rate
        }
    }

    private func readDialects(
        _ setting: Setting, into backend: inout BackendConfiguration
    ) throws(SettingsError) {
        let usual = SignInOffer.usualDialects
        let expected = "one of \(usual.map(\.name).joined(separator: ", "))"
        guard
            let dialects = try list(
                setting, expected, { Dialect(named: $0).flatMap { usual.contains($0) ? $0 : nil } })
        else { return }
        guard !dialects.isEmpty, Set(dialects).count == dialects.count else {
            throw SettingsError(setting, source(of: setting), "has to name at least one dialect, and each once")
        }
        backend.dialects = dialects
    }

    private static func backend(_ text: String) -> BackendConfiguration? {
        guard let equals = text.firstIndex(of: "="), BackendName.isValid(text[..<equals]),
            let address = ServerAddress(parsing: String(text[text.index(after: equals)...]))
        else { return nil }
        var backend = BackendConfiguration(name: String(text[..<equals]), address: address)
        backend.signInsPerSecond = usualSignInsPerSecond
        return backend
    }

    /// For servers whose strength nobody has said, which mostly are small ones; the sandbox has no such limit.
    private static let usualSignInsPerSecond = 50

    private static let rewriteForm = "FROM=TO, both HOST:PORT or both a host alone"

    /// One rewrite as `BackendConfiguration.rewrites` has it.
    private static func rewrite(_ text: String) -> (from: String, to: ServerAddress)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let from = String(text[..<equals])
        let to = String(text[text.index(after: equals)...])
        guard let source = ServerAddress(parsing: from), let target = ServerAddress(parsing: to),
            hasPort(from) == hasPort(to)
        else { return nil }
        return (hasPort(from) ? source.description : source.host, target)
    }

    private static func hasPort(_ address: String) -> Bool {
        address.first == "[" ? address.last != "]" : address.contains(":")
    }
}
