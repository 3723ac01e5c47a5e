import FoundationEssentials
import Glibc

/// The directory in which the gateway keeps what outlives it: that is where its API keys belong.
package enum StateDirectory {
    /// For the owner alone: who reads it could try keys, and who writes it could add one.
    private static let mode = 0o700

    /// Finds it as `serve` does: the flag, the environment, the settings file that the latter names.
    ///
    /// Throws `SettingsError`, which says what the gateway keeps there, when none of them has one.
    static func path(
        _ flag: String?, _ environment: [String: String], keeps what: String
    ) throws(SettingsError) -> String {
        var flags = ServeFlags()
        flags.state = flag
        let environment = SettingsEnvironment(environment)
        let settings = try environment.file.map(SettingsFile.init(path:))
        let reader = SettingsReader(flags: flags, environment: environment, file: settings)
        guard let directory = try reader.stateDirectory() else {
            throw SettingsError(
                key: Setting.stateDirectory.key,
                problem: "not set; say with --state, or with \(SettingsEnvironment.name(of: .stateDirectory)), "
                    + "where the gateway keeps \(what)")
        }
        return directory
    }

    /// Makes the directory, with its parents, if it is missing; throws `SettingsError` when it can't be used.
    package static func prepare(_ path: String, for reader: KeysReader = .gateway) throws(SettingsError) {
        if !FileManager.default.isDirectory(path) {
            do {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
            } catch {
                throw failure(path, "can't make")
            }
        }
        try find(path, for: reader)
    }

    /// Throws `SettingsError` when the directory is not there or can't be used.
    ///
    /// - Parameter isOnlyRead: whether nothing is to be written there. Then one that can't be written to is as good, whosever it is: no
    ///   gateway gets its keys from it.
    package static func find(
        _ path: String, for reader: KeysReader = .gateway, isOnlyRead: Bool = false
    ) throws(SettingsError) {
        guard FileManager.default.isDirectory(path) else { throw failure(path, "there is no directory") }
        guard FileManager.default.isReadableFile(atPath: path),
            isOnlyRead || FileManager.default.isWritableFile(atPath: path)
        else { throw failure(path, isOnlyRead ? "can't read" : "can't read and write") }
        guard FileManager.default.isWritableFile(atPath: path) else { return }
        // Not put right by itself: it may be /tmp, or something else that others are meant to write to.
        var information = Glibc.stat()
        // Reads the path and fills the structure.
        guard unsafe stat(path, &information) == 0, information.st_mode & 0o022 == 0 else {
            throw SettingsError(
                key: Setting.stateDirectory.key,
                problem: "others can write to \(SettingsError.quote(path)), and could add keys; choose a directory in "
                    + "it that is not there yet, or run chmod go-w on it")
        }
        let user = geteuid()
        guard reader.trustsDirectory(of: information.st_uid, as: user) else {
            throw SettingsError(
                key: Setting.stateDirectory.key,
                problem:
                    "\(SettingsError.quote(path)) belongs to user \(information.st_uid), who could add keys, and not "
                    + "to user \(user), as whom this runs; run as that user, or give it away with chown")
        }
    }

    private static func failure(_ path: String, _ problem: String) -> SettingsError {
        SettingsError(key: Setting.stateDirectory.key, problem: "\(problem) \(SettingsError.quote(path))")
    }
}
