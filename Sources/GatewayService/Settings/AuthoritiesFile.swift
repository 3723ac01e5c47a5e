import Digests
import Glibc

/// The file of the authorities whom webhooks' receivers are trusted by, besides the system's.
enum AuthoritiesFile {
    /// Bytes of it: the system's own authorities have a fifth of that.
    static let longest = 1 << 20

    /// Reads the certificates; throws `SettingsError`, which names the file and nothing of what stands in it.
    static func read(_ path: String) throws(SettingsError) -> CertificateList {
        // A pipe's content comes once, and would hold the start up.
        guard FileReader.isFile(path) else { throw error(path, "is no file that can be found") }
        let bytes: [UInt8]
        do throws(FileReader.Failure) {
            bytes = try FileReader.read(path, upTo: longest + 1)
        } catch {
            throw self.error(path, "can't be read: \(SystemError.reason(error.code))")
        }
        guard bytes.count <= longest else { throw error(path, "has more than \(longest) bytes") }
        do throws(CertificateList.Malformed) {
            return try CertificateList(pem: bytes)
        } catch {
            throw self.error(path, "\(error)")
        }
    }

    private static func error(_ path: String, _ problem: String) -> SettingsError {
        SettingsError(
            key: Setting.webhookAuthorities.key, problem: "the file \(SettingsError.quote(path)) \(problem)")
    }
}
