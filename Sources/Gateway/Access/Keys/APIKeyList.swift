/// All API keys, as `keys.json` holds them.
package struct APIKeyList: Equatable, Sendable {
    /// In the order in which they were made.
    package private(set) var keys: [APIKeyRecord] = []

    /// Keys at most: every request with a key is compared with all of them.
    package static let most = 1_000

    /// Bytes of its random ID, which tells apart keys of the same name.
    private static let idSize = 12

    package init() {}

    /// Takes over records that were read; throws `APIKeyListError` when they contradict each other.
    init(_ keys: [APIKeyRecord]) throws(APIKeyListError) {
        guard keys.count <= Self.most else { throw .tooMany }
        guard Set(keys.map(\.name)).count == keys.count, Set(keys.map(\.id)).count == keys.count,
            Set(keys.map(\.digest)).count == keys.count
        else { throw .malformed("two of its keys have the same name, id or hash") }
        self.keys = keys
    }

    /// Whether there is no key.
    package var isEmpty: Bool { keys.isEmpty }

    /// Adds a new key and returns it, this once; throws `APIKeyListError` when the name is taken or there are too many.
    package mutating func add(
        _ name: APIKeyName, _ scopes: Set<APIKeyScope>, _ pace: SendingPace = SendingPace(),
        clock: GatewayClock = .system
    ) throws(APIKeyListError) -> APIKey {
        guard !keys.contains(where: { $0.name == name }) else { throw .nameTaken(name) }
        guard keys.count < Self.most else { throw .tooMany }
        let key = APIKey.generate()
        let id = RandomName.make(byteCount: Self.idSize)
        keys.append(
            APIKeyRecord(id: id, name: name, scopes: scopes, createdAt: clock.now, digest: key.digest, pace: pace))
        return key
    }

    /// Has the sessions of a key send at another pace; throws `APIKeyListError` when there is none of that name.
    package mutating func change(
        _ name: APIKeyName, _ pace: (SendingPace) -> SendingPace
    ) throws(APIKeyListError) {
        guard let index = keys.firstIndex(where: { $0.name == name }) else { throw .nameUnknown(name) }
        keys[index].pace = pace(keys[index].pace)
    }

    /// Takes a key away; throws `APIKeyListError` when there is none of that name.
    package mutating func revoke(_ name: APIKeyName) throws(APIKeyListError) {
        guard let index = keys.firstIndex(where: { $0.name == name }) else { throw .nameUnknown(name) }
        keys.remove(at: index)
    }

    /// The key with that digest.
    ///
    /// Compared with all of them, each in constant time, so that no answer comes sooner than another.
    func find(_ digest: TokenDigest) -> APIKeyRecord? {
        var found: APIKeyRecord?
        for key in keys where key.digest.matches(digest) { found = key }
        return found
    }
}

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
