extension APIKeyList {
    /// Of `keys.json`, so that an older gateway refuses what it does not understand instead of losing half of it.
    private static let version = 1
    /// Members and items of `keys.json`, three times as many as `most` keys have today.
    private static let mostValues = 32 * most

    private struct Entry: JSONObject {
        let id: String
        let name: String
        let scopes: [String]
        let createdAt: String
        /// The hexadecimal digest of the whole key, prefix included.
        let sha256: String
        /// Missing, as in files of older versions, where sessions send as every session may.
        let messagesPerSecond: Int?
        let messageBurst: Int?

        init(_ key: APIKeyRecord) {
            id = key.id
            name = key.name.text
            scopes = key.scopes.map(\.rawValue).sorted()
            createdAt = key.createdAt.text
            sha256 = key.digest.hexadecimal
            messagesPerSecond = key.pace.perSecond
            messageBurst = key.pace.burst
        }

        /// Nil where a member is missing or of another type; other members are passed over.
        init?(_ value: JSONValue) {
            guard case .object(let members) = value, case .string(let id) = members["id"],
                case .string(let name) = members["name"], case .array(let items) = members["scopes"],
                case .string(let createdAt) = members["createdAt"], case .string(let sha256) = members["sha256"]
            else { return nil }
            scopes = items.compactMap { item in if case .string(let scope) = item { scope } else { nil } }
            guard scopes.count == items.count else { return nil }
            do throws(NoWholeNumber) {
                messagesPerSecond = try Self.wholeNumber(members["messagesPerSecond"])
                messageBurst = try Self.wholeNumber(members["messageBurst"])
            } catch {
                return nil
            }
            (self.id, self.name, self.createdAt, self.sha256) = (id, name, createdAt, sha256)
        }

        private struct NoWholeNumber: Error {}

        private static func wholeNumber(_ value: JSONValue?) throws(NoWholeNumber) -> Int? {
            guard let value else { return nil }
            guard case .number(let number) = value, let whole = Int(exactly: number) else { throw NoWholeNumber() }
            return whole
        }

        func writeMembers(to json: inout JSONWriter) {
            json.member("createdAt", createdAt)
            json.member("id", id)
            json.member("messageBurst", messageBurst)
            json.member("messagesPerSecond", messagesPerSecond)
            json.member("name", name)
            json.member("scopes", scopes)
            json.member("sha256", sha256)
        }

        func record() throws(APIKeyListError) -> APIKeyRecord {
            guard let name = APIKeyName(name) else { throw .malformed("a name is not \(APIKeyName.form)") }
            guard !id.isEmpty, let digest = TokenDigest(hexadecimal: sha256) else {
                throw .malformed("the key named \(name.text) has no id or no SHA-256 hash")
            }
            guard let createdAt = Timestamp(parsing: createdAt) else {
                throw .malformed("the key named \(name.text) has no time of creation")
            }
            var known: Set<APIKeyScope> = []
            for scope in scopes {
                // To pass over one could be to pass over a restriction.
                guard let scope = APIKeyScope(rawValue: scope) else {
                    throw .malformed("the key named \(name.text) has a scope that this version does not know")
                }
                known.insert(scope)
            }
            guard let pace = SendingPace(perSecond: messagesPerSecond, burst: messageBurst) else {
                throw .malformed("the key named \(name.text) may send at no pace that there is")
            }
            return APIKeyRecord(
                id: id, name: name, scopes: known, createdAt: createdAt, digest: digest, pace: pace)
        }
    }

    /// Reads `keys.json`; throws `APIKeyListError`, which quotes no more of it than names.
    package init(parsing bytes: [UInt8]) throws(APIKeyListError) {
        let parsed = try? JSONParser.parse(bytes, mostValues: Self.mostValues)
        guard case .object(let members) = parsed, case .number(let version) = members["version"],
            case .array(let entries) = members["keys"]
        else { throw .noList }
        guard version == Double(Self.version) else {
            throw .malformed("it is of another version than \(Self.version)")
        }
        var records: [APIKeyRecord] = []
        for value in entries {
            guard let entry = Entry(value) else { throw .noList }
            records.append(try entry.record())
        }
        try self.init(records)
    }

    /// `keys.json`, with a line for each member: operators look into it.
    package var encoded: [UInt8] {
        var json = JSONWriter(isIndented: true)
        json.object { json in
            json.member("keys") { json in
                json.list { json in for key in keys { json.item(Entry(key)) } }
            }
            json.member("version", Self.version)
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

extension APIKeyListError {
    /// In our own words: what is wrong with it could quote a hash.
    fileprivate static let noList = APIKeyListError.malformed("it is no list of keys in JSON")
}
