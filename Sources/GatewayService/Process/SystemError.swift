import Glibc

/// The kernel's errors in words.
enum SystemError {
    /// Why a call on a file failed.
    static func reason(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied"
        case ENOENT: "there is no such directory"
        case ENOTDIR: "there is a file where a directory should be"
        case EISDIR: "it is a directory"
        case ENOSPC, EDQUOT: "no space is left"
        case EROFS: "the file system can't be written to"
        case ELOOP: "it is a link"
        default: "error \(code)"
        }
    }
}
