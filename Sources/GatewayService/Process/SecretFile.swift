package import Digests
import Glibc

/// A file with one secret in its first line: a password, an API key.
package enum SecretFile {
    /// Bytes of it: more than any password has.
    private static let longest = 1024

    /// Reads it, without the line's end; throws `SettingsError`, which names the file and never what is in it.
    package static func read(_ path: String) throws(SettingsError) -> Secret {
        var bytes: [UInt8]
        do throws(FileReader.Failure) {
            bytes = try FileReader.read(path, upTo: longest + 1)
        } catch {
            throw SettingsError(
                source: .file(path, line: nil), problem: "can't be read: \(SystemError.reason(error.code))")
        }
        defer { Secret.overwrite(&bytes) }
        var line = Array(bytes.prefix { $0 != 0x0A })
        defer { Secret.overwrite(&line) }
        if line.last == 0x0D { line.removeLast() }
        guard !line.isEmpty, line.count <= longest else {
            throw SettingsError(
                source: .file(path, line: nil), problem: "its first line has to be a secret of at most \(longest) bytes"
            )
        }
        return Secret(copying: line.span)
    }
}
