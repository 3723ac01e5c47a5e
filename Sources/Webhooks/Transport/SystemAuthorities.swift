import CCurl
import Glibc

/// Those whom the system trusts.
enum SystemAuthorities {
    /// Their certificates in PEM, where libcurl has them of one file; empty where it finds them in a directory by itself.
    ///
    /// Certificates that are handed to the library take the place of the file's, and stand beside the directory's.
    static var file: [UInt8] {
        // Text that is the library's own, and stays.
        guard let path = unsafe gw_curl_authorities_file(), let file = unsafe fopen(path, "re") else { return [] }
        defer { unsafe fclose(file) }
        var (bytes, room) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            // Writes no more than there is room for.
            let count = unsafe fread(&room, 1, room.count, file)
            guard count > 0 else { return bytes }
            bytes += room.prefix(count)
        }
    }
}
