import Gateway
import Glibc

extension KeysFile {
    /// Changes the keys, as nobody else does at the same time; waits for whoever is at it.
    ///
    /// Throws `KeysError`; then the file is as it was before.
    func change<Result>(
        _ body: (inout APIKeyList) throws(APIKeyListError) -> Result
    ) throws(KeysError) -> Result {
        let lock = try descriptor(lockPath, O_RDWR | O_CREAT)
        // Closing it opens the lock, as the end of the process would.
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .unwritable(lockPath, SystemError.reason(errno)) }
        }
        var list: APIKeyList
        do throws(APIKeySourceError) {
            list = try read()?.list ?? APIKeyList()
        } catch {
            throw .unreadable(error)
        }
        let result: Result
        do throws(APIKeyListError) {
            result = try body(&list)
        } catch {
            throw .refused(error)
        }
        try replace(list.encoded)
        return result
    }

    private func replace(_ bytes: [UInt8]) throws(KeysError) {
        // What a process left that was interrupted. Both calls read the paths and keep nothing.
        unsafe _ = unlink(newPath)
        let file = try descriptor(newPath, O_WRONLY | O_CREAT | O_EXCL)
        var code: Int32 = 0
        if !Self.write(bytes, to: file) || fsync(file) != 0 { code = errno }
        // Some file systems tell only now that there was no room.
        if close(file) != 0, code == 0 { code = errno }
        if code == 0, unsafe rename(newPath, path) != 0 { code = errno }
        guard code == 0 else {
            unsafe _ = unlink(newPath)
            throw .unwritable(path, SystemError.reason(code))
        }
        // The name has to outlive the power, too.
        // Reads the path and keeps nothing.
        let directory = unsafe open(self.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .unwritable(path, SystemError.reason(errno)) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .unwritable(path, SystemError.reason(errno)) }
    }

    /// Opens a file that is its owner's alone from the first byte on, whatever the umask is.
    private func descriptor(_ path: String, _ flags: Int32) throws(KeysError) -> Int32 {
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path, SystemError.reason(errno)) }
        giveToOwner(descriptor)
        return descriptor
    }

    /// What root makes belongs to whose the directory is: the gateway often runs as somebody who is not root.
    private func giveToOwner(_ descriptor: Int32) {
        guard geteuid() == 0 else { return }
        var information = Glibc.stat()
        // Reads the path and fills the structure.
        guard unsafe stat(directory, &information) == 0 else { return }
        // Where it can't be given away, it stays root's.
        _ = fchown(descriptor, information.st_uid, information.st_gid)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Reads no more than it is given and keeps nothing.
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
