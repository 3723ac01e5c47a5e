package import Gateway
import Glibc

/// Why API keys can't be listed or changed.
package enum KeysError: Error, Equatable, Sendable {
    /// What was asked for can't be.
    case refused(APIKeyListError)
    case unreadable(APIKeySourceError)
    /// The path that can't be written, and the system's reason.
    case unwritable(String, String)

    /// `EX_CONFIG` for a file that has to be put right, 1 for the rest (sysexits.h).
    package var exitCode: Int32 {
        if case .unreadable = self { EX_CONFIG } else { EXIT_FAILURE }
    }
}

extension KeysError: CustomStringConvertible {
    /// In one line.
    package var description: String {
        switch self {
        case .refused(let error): "\(error)"
        case .unreadable(let error): "\(error)"
        case .unwritable(let path, let reason): "can't write \(SettingsError.quote(path)): \(reason)"
        }
    }
}
