package import HTTPFront
import Loops
import MSNPClient

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

extension SettingsReader {
    /// A whole number of a range.
    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingsError) -> Int? {
        try value(setting, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            // Digits only: `Int` would also take a plus sign.
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
            return range.contains(number) ? number : nil
        }
    }

    /// Whole seconds, at least one and at most an hour: more is no time-out of a conversation.
    func seconds(_ setting: Setting) throws(SettingsError) -> Int? { try integer(setting, in: 1...3_600) }

    /// Yes or no, in YAML's spellings and the environment's.
    func bool(_ setting: Setting) throws(SettingsError) -> Bool? {
        try value(setting, "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }

    /// One of the words of an enumeration, in whatever case.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ setting: Setting, of: Choice.Type = Choice.self
    ) throws(SettingsError) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        return try value(setting, "one of \(words.joined(separator: ", "))") { Choice(rawValue: $0.lowercased()) }
    }
}

extension ListenAddress {
    /// Parses `unix:PATH`, with an absolute path, or `HOST:PORT`, where the host is an IPv4 address, an IPv6 address in brackets,
    /// or `localhost`.
    package init?(parsing text: String) {
        if text.hasPrefix(Self.unixPrefix) {
            let path = String(text.dropFirst(Self.unixPrefix.count))
            guard path.hasPrefix("/"), !path.hasSuffix("/"), UnixEndpoint(path) != nil else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { return nil }
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard host == "localhost" || IPAddress(literal: host) != nil else { return nil }
        self.init(host: host, port: port)
    }

    /// What is to be said of an address that is none.
    static let expected =
        "an address and a port, such as 127.0.0.1:8080 or [::1]:8080, or \(unixPrefix) and the absolute path of a socket "
        + "of at most \(UnixEndpoint.longest) bytes"

    private static let unixPrefix = "unix:"

    /// Whether it is an address that only this machine's own programs can reach; a Unix socket is none: behind it mostly is a
    /// proxy.
    package var isLoopback: Bool { host == "localhost" || IPAddress(literal: host)?.kind == .loopback }
}

/// What somebody set a setting to, by its shape.
enum SettingContent: Equatable, Sendable {
    case text(String)
    case list([String])

    /// The one text, or all of the list.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let texts): texts
        }
    }
}

/// Where a value was set, for saying so when it is wrong.
package enum SettingSource: Equatable, Sendable {
    case flag(String)
    case environment(String)
    /// Lines count from 1; nil for the whole of it.
    case file(String, line: Int?)
}

extension SettingSource: CustomStringConvertible {
    /// As it stands before an error: `--listen`, `MSNP_GATEWAY_LISTEN`, `gateway.yaml:3`.
    package var description: String {
        switch self {
        case .flag(let name), .environment(let name): name
        case .file(let path, let line): path + (line.map { ":\($0)" } ?? "")
        }
    }
}
