/// The answer to `URL` (docs/protocol.md#url), its URLs raw: their own escapes have to survive.
///
///     S: URL 24 http://members.example/Edit.asp?lc=1033 https://login.example/ppsecure/md5auth.srf?lc=1033 4263
package struct ServiceReply: Equatable, Sendable {
    package var redirect: String
    package var login: String
    /// Absent below MSNP3.
    package var siteID: String?

    package init(redirect: String, login: String, siteID: String?) {
        self.redirect = redirect
        self.login = login
        self.siteID = siteID
    }
}
