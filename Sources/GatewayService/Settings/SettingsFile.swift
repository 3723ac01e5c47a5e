import Glibc
import YAML

/// A settings file: YAML, in which a key is nested or written with dots.
///
///     listen: 0.0.0.0:8080
///     limits:
///       sessions: 500
///       journal.events: 1000
///
/// What isn't a setting is an error: a misspelt limit would be no limit.
package struct SettingsFile: Sendable {
    /// Bytes: hundreds of backends, and anything larger is some other file.
    package static let largest = 1 << 20

    struct Entry: Sendable {
        let setting: Setting
        let content: SettingContent
        let line: Int
    }

    /// As the operator named it.
    package let path: String
    private(set) var entries: [[String]: Entry] = [:]

    /// Reads a file; throws `SettingsError` when it can't be read or isn't a settings file.
    package init(path: String) throws(SettingsError) {
        let whole = SettingSource.file(path, line: nil)
        let bytes: [UInt8]
        do {
            bytes = try FileReader.read(path, upTo: Self.largest + 1)
        } catch {
            let problem = error.code == ENOENT ? "there is no such file" : "it can't be read"
            throw SettingsError(source: whole, problem: problem)
        }
        guard bytes.count <= Self.largest else {
            throw SettingsError(source: whole, problem: "larger than \(Self.largest) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingsError(source: whole, problem: "not UTF-8")
        }
        try self.init(text, path: path)
    }

    /// Takes the text of a file apart; throws `SettingsError`.
    package init(_ text: String, path: String) throws(SettingsError) {
        self.path = path
        guard let root = try Self.parse(text, path) else { return }
        guard let members = root.members else {
            throw SettingsError(source: source(root), problem: "the file has to consist of keys and values")
        }
        try add(members, below: [])
    }

    private static func parse(_ text: String, _ path: String) throws(SettingsError) -> YAMLNode? {
        do throws(YAMLError) {
            return try YAMLNode.parse(text)
        } catch {
            throw SettingsError(yaml: error, path: path)
        }
    }

    private func source(_ node: YAMLNode) -> SettingSource { .file(path, line: node.line) }

    private mutating func add(_ members: [YAMLMember], below parent: [String]) throws(SettingsError) {
        for member in members {
            let (name, value) = (member.key, member.value)
            guard let text = name.text else {
                throw SettingsError(source: source(name), problem: "a key has to be a text")
            }
            let components = parent + text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let key = components.joined(separator: ".")
            if Setting.isGroup(components) {
                // All of a group can be commented out.
                if value.isNull { continue }
                guard let members = value.members else {
                    throw SettingsError(key: key, source: source(name), problem: "has to hold further keys")
                }
                try add(members, below: components)
            } else if let setting = Setting.find(components) {
                let entry = Entry(
                    setting: setting, content: try content(value, setting, source(name)), line: name.line)
                if let first = entries.updateValue(entry, forKey: components) {
                    throw SettingsError(setting, source(name), "is set in line \(first.line) already")
                }
            } else {
                throw SettingsError(source: source(name), problem: "there is no setting \(SettingsError.quote(key))")
            }
        }
    }

    private func content(
        _ value: YAMLNode, _ setting: Setting, _ source: SettingSource
    ) throws(SettingsError) -> SettingContent {
        if value.isNull { throw SettingsError(setting, source, "has no value") }
        switch setting.shape {
        case .text:
            guard let text = value.text else {
                throw SettingsError(setting, source, "takes a single value")
            }
            return .text(text)
        case .list:
            guard let items = value.items else { throw SettingsError(setting, source, "takes a list") }
            var texts: [String] = []
            for item in items {
                guard let text = item.text, !item.isNull else {
                    throw SettingsError(setting, self.source(item), "takes a list of single values")
                }
                texts.append(text)
            }
            return .list(texts)
        }
    }
}
