extension RemoteSession {
    /// Everybody on any of the lists, or those who are on one, have a status, or wait for an answer.
    public func contacts(
        list: ContactList? = nil, status: PresenceStatus? = nil, pending: Bool? = nil
    ) async throws(GatewayError) -> [Contact] {
        struct List: Decodable { let contacts: [Contact] }
        var query: [(name: String, value: String)] = []
        if let list { query.append(("list", list.rawValue)) }
        if let status { query.append(("status", status.rawValue)) }
        if let pending { query.append(("pending", String(pending))) }
        return try await call("GET", "/contacts", query: query).decode(List.self).contacts
    }

    /// Somebody; `contactNotFound` where they are on no list.
    public func contact(_ account: String) async throws(GatewayError) -> Contact {
        try await call("GET", contactPath(account)).decode(Contact.self)
    }

    /// Puts somebody on the list, with a name of one's own for them if that is given.
    public func add(_ account: String, displayName: String? = nil) async throws(GatewayError) -> Contact {
        let body = displayName.map { JSONValue.object(["displayName": .string($0)]) } ?? [:]
        return try await call("PUT", contactPath(account), body).decode(Contact.self)
    }

    /// Takes somebody off the list; repeated, it does nothing more.
    public func remove(_ account: String) async throws(GatewayError) {
        _ = try await call("DELETE", contactPath(account))
    }

    /// Lets in somebody who has added the account.
    public func allow(_ account: String) async throws(GatewayError) -> Contact {
        try await call("PATCH", contactPath(account), ["allowed": true]).decode(Contact.self)
    }

    /// Blocks somebody, or lets them in again.
    public func block(_ account: String, _ isBlocked: Bool = true) async throws(GatewayError) -> Contact {
        try await call("PATCH", contactPath(account), ["blocked": .bool(isBlocked)]).decode(Contact.self)
    }

    /// What applies to people on neither the allow nor the block list.
    public func privacy() async throws(GatewayError) -> Privacy {
        try await call("GET", "/privacy").decode(Privacy.self)
    }

    /// Changes it.
    public func setPrivacy(_ privacy: Privacy) async throws(GatewayError) {
        let body: JSONValue = [
            "unknownContacts": .string(privacy.unknownContacts.text), "promptOnAdd": .bool(privacy.promptOnAdd),
        ]
        _ = try await call("PUT", "/privacy", body)
    }

    /// The account's own phone numbers.
    public func phones() async throws(GatewayError) -> Phones { try await call("GET", "/phones").decode(Phones.self) }

    /// Changes some of them, by the names of the API; `null` clears one.
    public func changePhones(_ change: JSONValue) async throws(GatewayError) -> Phones {
        try await call("PATCH", "/phones", change).decode(Phones.self)
    }

    private func contactPath(_ account: String) -> String { "/contacts/\(APIRequest.segment(account))" }
}
