import Glibc
import Storage

extension StateLook {
    /// Throws `StoreError.refused` for a database of another user: who owns it can change it under the gateway, and could not
    /// read what the gateway puts beside it.
    ///
    /// - Parameter user: as whom the gateway runs; what root may do to others, nobody can help.
    static func checkOwner(_ files: StateFiles, as user: uid_t = geteuid()) throws(StoreError) {
        var information = stat()
        // Reads the path and fills the structure.
        guard unsafe lstat(files.database, &information) == 0 else { return }
        guard information.st_uid == user || information.st_uid == 0 else {
            throw .refused(
                "\(files.database) belongs to user \(information.st_uid), and not to user \(user), as whom this runs; run as "
                    + "that user, or give it away with chown, with all that is called state.* beside it")
        }
    }
}
