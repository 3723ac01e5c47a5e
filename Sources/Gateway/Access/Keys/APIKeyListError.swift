/// Why a list of API keys can't be read or changed.
package enum APIKeyListError: Error, Equatable, Sendable {
    case nameTaken(APIKeyName)
    case nameUnknown(APIKeyName)
    /// There are `APIKeyList.most`.
    case tooMany
    /// It is no list of keys; the text says why and quotes nothing of it.
    case malformed(String)
}

extension APIKeyListError: CustomStringConvertible {
    /// In one line.
    package var description: String {
        switch self {
        case .nameTaken(let name): "there is a key named \(name.text) already"
        case .nameUnknown(let name): "there is no key named \(name.text)"
        case .tooMany: "there can't be more than \(APIKeyList.most) keys"
        case .malformed(let reason): reason
        }
    }
}
