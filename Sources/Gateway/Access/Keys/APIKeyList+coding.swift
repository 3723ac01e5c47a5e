import FoundationEssentials

extension APIKeyList {
    /// `keys.json`.
    private struct Document: Decodable {
        /// So that an older gateway refuses what it does not understand instead of losing half of it.
        static let version = 1

        let version: Int
        let keys: [Entry]
    }

    private struct Entry: Decodable, JSONObject {
        let id: String
        let name: String
        let scopes: [String]
        let createdAt: String
        /// The hexadecimal digest of the whole key, prefix included.
        let sha256: String

        init(_ key: APIKeyRecord) {
            id = key.id
            name = key.name.text
            scopes = key.scopes.map(\.rawValue).sorted()
            createdAt = key.createdAt.text
            sha256 = key.digest.hexadecimal
        }

        func writeMembers(to json: inout JSONWriter) {
            json.member("createdAt", createdAt)
            json.member("id", id)
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
            return APIKeyRecord(id: id, name: name, scopes: known, createdAt: createdAt, digest: digest)
        }
    }

    /// Reads `keys.json`; throws `APIKeyListError`, which quotes no more of it than names.
    package init(parsing bytes: [UInt8]) throws(APIKeyListError) {
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            // The decoder's own words can quote a hash.
            throw .malformed("it is no list of keys in JSON")
        }
        guard document.version == Document.version else {
            throw .malformed("it is of another version than \(Document.version)")
        }
        var records: [APIKeyRecord] = []
        for entry in document.keys { records.append(try entry.record()) }
        try self.init(records)
    }

    /// `keys.json`, with a line for each member: operators look into it.
    package var encoded: [UInt8] {
        var json = JSONWriter(isIndented: true)
        json.object { json in
            json.member("keys") { json in
                json.list { json in for key in keys { json.item(Entry(key)) } }
            }
            json.member("version", Document.version)
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}
