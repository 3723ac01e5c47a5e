/// Where one of the web services is that belong to an account.
public struct ServiceLocation: Decodable, Equatable, Sendable {
    public let service: String
    /// Whether both URLs can be used; without it they are nil.
    public let available: Bool
    /// The service, to be opened through the login; nil without one that can be used.
    public let redirectUrl: String?
    /// `absolute`, or `relative` to the login site; nil without a URL.
    public let redirectKind: String?
    /// The login; nil without one that can be used.
    public let loginUrl: String?
    /// The login's number for the service; nil where the server did not say.
    public let siteId: Int?
}

/// Somebody whom a search of the directory has found.
public struct Person: Decodable, Equatable, Sendable {
    /// All that the server says of them, by the names of the API.
    public let members: JSONValue

    public init(from decoder: any Decoder) throws { members = try JSONValue(from: decoder) }
}
