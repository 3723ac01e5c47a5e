import Configuration
import Glibc
import Yams

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
        let content: ConfigContent
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
        guard let mapping = root.mapping else {
            throw SettingsError(source: source(root), problem: "the file has to consist of keys and values")
        }
        try add(mapping, below: [])
    }

    private static func parse(_ text: String, _ path: String) throws(SettingsError) -> Node? {
        do {
            return try Yams.Parser(yaml: text).singleRoot()
        } catch let error as YamlError {
            throw SettingsError(yaml: error, path: path)
        } catch {
            throw SettingsError(source: .file(path, line: nil), problem: "not YAML")
        }
    }

    private func source(_ node: Node) -> SettingSource { .file(path, line: node.mark?.line ?? 1) }

    private mutating func add(_ mapping: Node.Mapping, below parent: [String]) throws(SettingsError) {
        for (name, value) in mapping {
            guard let text = name.scalar?.string else {
                throw SettingsError(source: source(name), problem: "a key has to be a text")
            }
            let components = parent + text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let key = components.joined(separator: ".")
            if Setting.isGroup(components) {
                // All of a group can be commented out.
                if Self.isNull(value) { continue }
                guard let members = value.mapping else {
                    throw SettingsError(key: key, source: source(name), problem: "has to hold further keys")
                }
                try add(members, below: components)
            } else if let setting = Setting.find(components) {
                let entry = Entry(
                    setting: setting, content: try content(value, setting, source(name)), line: name.mark?.line ?? 1)
                if let first = entries.updateValue(entry, forKey: components) {
                    throw SettingsError(setting, source(name), "is set in line \(first.line) already")
                }
            } else {
                throw SettingsError(source: source(name), problem: "there is no setting \(SettingsError.quote(key))")
            }
        }
    }

    private func content(
        _ value: Node, _ setting: Setting, _ source: SettingSource
    ) throws(SettingsError) -> ConfigContent {
        if Self.isNull(value) { throw SettingsError(setting, source, "has no value") }
        switch setting.shape {
        case .text:
            guard let text = value.scalar?.string else {
                throw SettingsError(setting, source, "takes a single value")
            }
            return .string(text)
        case .list:
            guard let items = value.sequence else { throw SettingsError(setting, source, "takes a list") }
            var texts: [String] = []
            for item in items {
                guard let text = item.scalar?.string, !Self.isNull(item) else {
                    throw SettingsError(setting, self.source(item), "takes a list of single values")
                }
                texts.append(text)
            }
            return .stringArray(texts)
        }
    }

    /// The ways to write nothing (YAML 1.2, 10.2.1.1).
    private static func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
