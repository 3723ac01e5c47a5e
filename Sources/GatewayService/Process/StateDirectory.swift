import FoundationEssentials

/// The directory in which the gateway keeps what outlives it: that is where its API keys belong.
package enum StateDirectory {
    /// For the owner alone: who reads it could try keys, and who writes it could add one.
    private static let mode = 0o700

    /// Makes the directory, with its parents, if it is missing; throws `SettingsError` when it can't be used.
    package static func prepare(_ path: String) throws(SettingsError) {
        if !FileManager.default.isDirectory(path) {
            do {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
            } catch {
                throw SettingsError(key: Setting.stateDirectory.key, problem: "can't make \(SettingsError.quote(path))")
            }
        }
        guard FileManager.default.isReadableFile(atPath: path), FileManager.default.isWritableFile(atPath: path) else {
            throw SettingsError(
                key: Setting.stateDirectory.key, problem: "can't read and write \(SettingsError.quote(path))")
        }
    }
}
