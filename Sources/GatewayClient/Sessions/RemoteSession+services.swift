extension RemoteSession {
    /// The web services of the account, by name.
    public func services() async throws(GatewayError) -> [String] {
        struct List: Decodable {
            struct Service: Decodable { let name: String }
            let services: [Service]
        }
        return try await call("GET", "/services").decode(List.self).services.map(\.name)
    }

    /// Asks the server where a service is.
    ///
    /// - Parameters:
    ///   - name: the service, one of `services()`.
    ///   - language: a Windows language, 1033 for American English; nil for the profile's.
    ///   - to: to whom, of the services that take that; nil for nobody.
    public func service(
        _ name: String, language: Int? = nil, to: String? = nil
    ) async throws(GatewayError) -> ServiceLocation {
        var query: [(name: String, value: String)] = []
        if let language { query.append(("lcid", String(language))) }
        if let to { query.append(("to", to)) }
        return try await call("GET", "/services/\(APIRequest.segment(name))", query: query).decode(ServiceLocation.self)
    }

    /// Searches the directory, by the names of the API: `firstName` and `lastName`, and `city`, `state`, `country`.
    public func searchDirectory(_ fields: [String: String]) async throws(GatewayError) -> [Person] {
        struct List: Decodable { let people: [Person] }
        return try await call("POST", "/directory/search", .object(fields.mapValues(JSONValue.string)))
            .decode(List.self).people
    }
}
