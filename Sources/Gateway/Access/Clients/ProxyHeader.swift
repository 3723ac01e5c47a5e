/// The one field in which the trusted proxies say for whom they ask; the other is a caller's own talk and ignored.
package enum ProxyHeader: String, CaseIterable, Sendable {
    /// A list of addresses, as nginx' `$proxy_add_x_forwarded_for` makes it.
    case xForwardedFor = "x-forwarded-for"
    /// RFC 7239.
    case forwarded

    var field: String {
        switch self {
        case .xForwardedFor: "X-Forwarded-For"
        case .forwarded: "Forwarded"
        }
    }
}
