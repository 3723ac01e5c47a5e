import Glibc
package import Storage

/// The file of the keys that passwords are sealed with.
package enum StateKeyFile {
    /// What systemd calls it in the directory of a unit's credentials (`LoadCredential=state-key:…`).
    package static let credential = "state-key"

    /// The credential that systemd has laid out for this process; nil where there is none.
    package static func credential(in environment: [String: String]) -> String? {
        guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else { return nil }
        let path = directory + "/" + credential
        return FileReader.isFile(path) ? path : nil
    }

    /// Reads the keys; throws `SettingsError`, which names the file and nothing of what stands in it.
    ///
    /// - Parameter isCredential: whether systemd keeps others out, by the directory and by rules that make the file look as
    ///   if its group could read it.
    package static func read(_ path: String, isCredential: Bool = false) throws(SettingsError) -> SealingKeys {
        // What is no file, a pipe for one, must not hold the gateway up. Reads the path and keeps nothing.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw error(path, "can't be read: \(SystemError.reason(errno))") }
        defer { close(descriptor) }
        var information = Glibc.stat()
        // Fills the structure.
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw error(path, "is no file")
        }
        guard information.st_mode & (isCredential ? 0o027 : 0o077) == 0 else {
            let mode = String(information.st_mode & 0o777, radix: 8)
            throw error(path, "others may read or change it (mode \(mode)); run chmod 600 on it")
        }
        let bytes: [UInt8]
        do throws(FileReader.Failure) {
            bytes = try FileReader.read(descriptor, upTo: SealingKeys.longest + 1)
        } catch {
            throw self.error(path, "can't be read: \(SystemError.reason(error.code))")
        }
        do throws(SealingKeys.Malformed) {
            return try SealingKeys(file: bytes)
        } catch {
            throw self.error(path, "\(error)")
        }
    }

    private static func error(_ path: String, _ problem: String) -> SettingsError {
        SettingsError(problem: "the key file \(SettingsError.quote(path)): \(problem)")
    }
}
