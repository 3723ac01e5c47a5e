/// What is wrong with a URL that is to be a webhook's.
package enum WebhookURLError: String, Error, Sendable {
    case tooLong
    case notASCII
    case scheme
    case host
    case port
    case path
    case credentials
    case fragment

    /// A sentence for whoever wrote the URL, which does not repeat it.
    package var detail: String {
        switch self {
        case .tooLong: "The URL is longer than \(WebhookURL.longest) bytes."
        case .notASCII:
            "The URL has spaces, controls or letters beyond ASCII: escape them, and write names as punycode."
        case .scheme: "The URL begins with neither https: nor http:."
        case .host:
            "The URL has no host, or one that is neither a name nor an address: [::1] and 127.0.0.1 are addresses."
        case .port: "The URL's port is no number from 1 to 65535."
        case .path:
            "The URL's path or query has a character that has to be escaped, or a percent sign without two digits."
        case .credentials: "The URL has a user name or a password, which are not sent."
        case .fragment: "The URL has a fragment, which is not sent."
        }
    }
}
