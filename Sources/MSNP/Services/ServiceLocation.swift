/// Where a service is, by the server's reply to `URL`, if it is anywhere (docs/protocol.md#url, #passport-form).
///
///     S: URL 9 /unused1 /unused2 1
///
/// Some servers answer with placeholders like these, which are no error and must not become a link.
package struct ServiceLocation: Equatable, Sendable {
    /// As the server sent it; only to be opened when the service is available.
    package let redirect: String
    /// As the server sent it; only to be opened when the service is available.
    package let login: String
    /// The Passport site ID, nil when the reply has none that is a number.
    package let siteID: UInt32?
    /// Nil when the redirect is neither an `http` or `https` URL nor a path.
    package let redirectKind: RedirectKind?
    /// Whom the login URL reaches; nil unless it is an absolute `http` or `https` URL.
    package let loginAddress: WebAddress?

    package init(_ reply: ServiceReply) {
        redirect = reply.redirect
        login = reply.login
        // Decimal digits of 32 bits, as a transaction ID.
        siteID = reply.siteID.flatMap(TransactionID.init(parsing:))?.rawValue
        redirectKind = Self.kind(of: reply.redirect)
        loginAddress = WebAddress(parsing: reply.login)
    }

    /// Whether both URLs can be used.
    package var available: Bool { redirectKind != nil && loginAddress != nil }

    private static func kind(of redirect: String) -> RedirectKind? {
        if WebAddress(parsing: redirect) != nil { return .absolute }
        // Two slashes would name another host.
        guard WebAddress.isClean(redirect), redirect.utf8.first == UInt8(ascii: "/"),
            redirect.utf8.dropFirst().first != UInt8(ascii: "/")
        else { return nil }
        return .relative
    }
}

/// How the redirect URL of a `URL` reply is meant, which decides the form's field (docs/protocol.md#url).
package enum RedirectKind: String, CaseIterable, Sendable {
    /// Has a scheme; the form's `ru`.
    case absolute
    /// A path at the login site; the form's `rru`.
    case relative
}
