/// The form that signs a browser in at a Passport site and sends it on to a service (docs/protocol.md#passport-form).
///
/// Its `creds` are made from the password. The caller needs the person's consent for the login host. The form is made
/// for `https` alone, and is posted, never put in a URL.
package struct PassportForm: Equatable, Sendable {
    /// The value of `svc` for mail, the only one that was ever observed.
    package static let mailService = "mail"

    /// The login URL, to which the form is posted.
    package let action: String
    /// The host that the URL reaches.
    package let address: WebAddress
    /// The fields in the official client's order; a field whose value the profile lacks is left out.
    package let fields: [FormField]

    /// Makes the form; nil when there can be none.
    ///
    /// There is none for a service that is not available, a login URL that is not `https`, a profile without a ticket,
    /// or a reply without a site ID, which is the reply of MSNP2: its form is of another kind that no document gives
    /// in full.
    ///
    /// - Parameters:
    ///   - handle: The account, as `USR OK` spelt it.
    ///   - elapsed: Seconds since the profile was received, by our clock, so that the server's does not matter.
    ///   - svc: The kind of service; nil leaves it out, as nobody knows its value for anything but mail.
    ///   - creds: The lower-case hexadecimal MD5 of the given text followed by the password.
    package init?(
        handle: String,
        profile: Profile,
        location: ServiceLocation,
        elapsed: UInt64,
        svc: String? = PassportForm.mailService,
        creds: (_ salt: String) -> String
    ) {
        guard let address = location.loginAddress, address.isSecure, let redirectKind = location.redirectKind,
            let siteID = location.siteID, let auth = profile.mspAuth?.value
        else { return nil }
        let local = String(decoding: handle.utf8.prefix { $0 != UInt8(ascii: "@") }, as: UTF8.self)
        let seconds = String(elapsed)
        let fields: [(name: String, value: String?)] = [
            ("mode", "ttl"),
            ("login", local),
            ("username", handle),
            ("sid", profile.sid.map { String($0) }),
            ("kv", profile.kv.map { String($0) }),
            ("id", String(siteID)),
            ("sl", seconds),
            (redirectKind == .relative ? "rru" : "ru", location.redirect),
            ("auth", auth),
            ("creds", creds(auth + seconds)),
            ("svc", svc),
            ("js", "yes"),
        ]
        action = location.login
        self.address = address
        self.fields = fields.compactMap { field in field.value.map { FormField(field.name, $0) } }
    }
}

/// One field of the Passport form.
package struct FormField: Equatable, Sendable {
    package let name: String
    /// The value, which may be a ticket or made from the password.
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension FormField: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name alone.
    package var description: String { "\(name)=<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
