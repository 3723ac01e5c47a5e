import MSNP
import Testing

@Suite struct ServiceLocationTests {
    private static let login = "https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033"

    private func location(_ redirect: String, _ login: String = Self.login, _ siteID: String? = "2") -> ServiceLocation
    {
        ServiceLocation(ServiceReply(redirect: redirect, login: login, siteID: siteID))
    }

    @Test("The replies that the documents show")
    func documented() throws {
        let compose = location("/cgi-bin/compose?mailto=1&to=bob%40example%2ecom")
        #expect(compose.available)
        #expect(compose.redirectKind == .relative)
        #expect(compose.siteID == 2)
        #expect(compose.loginAddress?.host == "loginnet.passport.example")
        #expect(compose.loginAddress?.isSecure == true)
        #expect(compose.redirect == "/cgi-bin/compose?mailto=1&to=bob%40example%2ecom")

        let profile = location("http://members.example/Edit.asp?lc=1033", Self.login, "4263")
        #expect(profile.available)
        #expect(profile.redirectKind == .absolute)
        #expect(profile.siteID == 4263)
    }

    @Test(
        "Not available",
        arguments: [
            ("/unused1", "/unused2"), ("", ""), ("/x", ""), ("", login), ("/x", "javascript:alert(1)"),
            ("javascript:alert(1)", login), ("//evil.example/", login), ("/\\evil.example/", login),
            ("/a\tb", login), ("x", login), ("https://", login), ("https://a@b/", login),
            ("/x", "https:///x"), ("/x", "https://a@b/"), ("/x", "https://a b/"), ("/x", "/login"),
        ])
    func placeholders(redirect: String, login: String) {
        #expect(!location(redirect, login).available)
    }

    @Test("A site ID is a number or none", arguments: [nil, "", "x", "+2", "-1", "4294967296"] as [String?])
    func siteID(text: String?) {
        let location = location("/x", Self.login, text)
        #expect(location.siteID == nil)
        #expect(location.available)
    }
}
