import Glibc

/// Who reads the API keys, and whose file it may be.
package enum KeysReader: Sendable {
    /// The gateway: what decides who may call it is its own user's alone, and that user is not to be tricked by another,
    /// root least of all.
    case gateway
    /// Somebody at a terminal: root looks after the keys of whose the directory is.
    case administrator

    /// Whether a file of that owner is believed.
    func trusts(owner: uid_t, inDirectoryOf directoryOwner: uid_t, as user: uid_t) -> Bool {
        switch self {
        case .gateway: owner == user
        case .administrator: owner == user || (user == 0 && owner == directoryOwner)
        }
    }

    /// Whether a directory of that owner is: who owns it can put another file in the place of the first.
    func trustsDirectory(of owner: uid_t, as user: uid_t) -> Bool {
        // What root may do to others, nobody can help.
        owner == user || owner == 0 || (self == .administrator && user == 0)
    }
}
