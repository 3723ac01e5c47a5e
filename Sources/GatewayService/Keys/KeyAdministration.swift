package import Gateway
import Glibc

/// What `msnp-gateway keys` does.
package struct KeyAdministration: Sendable {
    private let file: KeysFile
    private let directory: String

    /// Finds the state directory as `serve` does: the flag, the environment, the settings file that the latter names.
    ///
    /// Throws `SettingsError` when none of them has one.
    package init(state: String?, environment: [String: String]) throws(SettingsError) {
        directory = try StateDirectory.path(state, environment, keeps: "its keys")
        file = KeysFile(directory: directory, for: .administrator)
    }

    /// Makes the directory if it is missing; throws `SettingsError` when it can't be used.
    package func makeDirectory() throws(SettingsError) { try StateDirectory.prepare(directory, for: .administrator) }

    /// Throws `SettingsError` when there is no such directory: it may be misspelt.
    package func findDirectory() throws(SettingsError) { try StateDirectory.find(directory, for: .administrator) }

    /// Makes a key and returns it; throws `KeysError`.
    package func add(
        _ name: APIKeyName, isAdmin: Bool, pace: SendingPace = SendingPace()
    ) throws(KeysError) -> APIKey {
        try file.change { list throws(APIKeyListError) in try list.add(name, isAdmin ? [.admin] : [], pace) }
    }

    /// Has the sessions of a key send at another pace, or with nil as every session may.
    ///
    /// What the pace does not say stays as it is. Throws `KeysError`, also when there is no key of that name.
    package func change(_ name: APIKeyName, to pace: SendingPace?) throws(KeysError) {
        try file.change { list throws(APIKeyListError) in
            try list.change(name) { before in pace.map(before.changed) ?? SendingPace() }
        }
    }

    /// A line for each key: name, scopes or `-`, when it was made, and its pace where it has one; throws `KeysError`.
    package func list() throws(KeysError) -> [String] {
        let keys: [APIKeyRecord]
        do throws(APIKeySourceError) {
            keys = try file.read()?.list.keys ?? []
        } catch {
            throw .unreadable(error)
        }
        let rows = keys.map { key in
            let scopes = key.scopes.map(\.rawValue).sorted().joined(separator: ",")
            let pace = key.pace == SendingPace() ? "" : "  \(key.pace)"
            return (name: key.name.text, scopes: scopes.isEmpty ? "-" : scopes, rest: key.created + pace)
        }
        let widths = (rows.map(\.name.count).max() ?? 0, rows.map(\.scopes.count).max() ?? 0)
        return rows.map { row in
            "\(Self.padded(row.name, to: widths.0))  \(Self.padded(row.scopes, to: widths.1))  \(row.rest)"
        }
    }

    /// Takes a key away; throws `KeysError`, also when there is none of that name.
    package func revoke(_ name: APIKeyName) throws(KeysError) {
        try file.change { list throws(APIKeyListError) in try list.revoke(name) }
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: width - text.count)
    }
}

/// Why API keys can't be listed or changed.
package enum KeysError: Error, Equatable, Sendable {
    /// What was asked for can't be.
    case refused(APIKeyListError)
    case unreadable(APIKeySourceError)
    /// The path that can't be written, and the system's reason.
    case unwritable(String, String)

    /// `EX_CONFIG` for a file that has to be put right, 1 for the rest (sysexits.h).
    package var exitCode: Int32 {
        if case .unreadable = self { EX_CONFIG } else { EXIT_FAILURE }
    }
}

extension KeysError: CustomStringConvertible {
    /// In one line.
    package var description: String {
        switch self {
        case .refused(let error): "\(error)"
        case .unreadable(let error): "\(error)"
        case .unwritable(let path, let reason): "can't write \(SettingsError.quote(path)): \(reason)"
        }
    }
}
