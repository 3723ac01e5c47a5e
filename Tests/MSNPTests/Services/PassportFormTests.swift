import ByteText
import Digests
import Encodings
import MSNP
import Testing

@Suite struct PassportFormTests {
    private static let ticket = String(repeating: "A", count: 33) + "$$"
    private static let login = "https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033"

    private func read(_ headers: String) throws -> Profile {
        try #require(
            Profile(MIMEPayload(parsing: Array("Content-Type: text/x-msmsgsprofile\r\n\(headers)\r\n".utf8))))
    }

    private func location(
        _ redirect: String = "/cgi-bin/HoTMaiL", login: String = Self.login, siteID: String? = "2"
    ) -> ServiceLocation {
        ServiceLocation(ServiceReply(redirect: redirect, login: login, siteID: siteID))
    }

    /// What a session does with its password: it digests it after the salt.
    private func digest(_ salt: String, _ password: String) -> String {
        var digest = MD5()
        digest.update(salt)
        digest.update(password)
        return Hexadecimal.encode(digest.finish())
    }

    private func lines(_ form: PassportForm?) -> [String]? { form?.fields.map { "\($0.name)=\($0.value)" } }

    @Test("The form, field by field")
    func documented() throws {
        let profile = try read("sid: 507\r\nkv: 11\r\nMSPAuth: \(Self.ticket)\r\n")
        let form = PassportForm(
            handle: "example@hotmail.com", profile: profile, location: location(), elapsed: 42,
            creds: { digest($0, "correct horse") })
        #expect(form?.action == Self.login)
        #expect(form?.address.host == "loginnet.passport.example")
        #expect(
            lines(form) == [
                "mode=ttl", "login=example", "username=example@hotmail.com", "sid=507", "kv=11", "id=2", "sl=42",
                "rru=/cgi-bin/HoTMaiL", "auth=\(Self.ticket)", "creds=9df52034feda148b5f80994b343e9836", "svc=mail",
                "js=yes",
            ])
    }

    @Test("The second check value, an absolute redirect, and what a profile and a service may lack")
    func others() throws {
        let form = PassportForm(
            handle: "example@hotmail.com", profile: try read("MSPAuth: \(Self.ticket)\r\n"),
            location: location("http://members.example/Edit.asp?lc=1033", siteID: "4263"), elapsed: 0, svc: nil,
            creds: { digest($0, "password") })
        #expect(
            lines(form) == [
                "mode=ttl", "login=example", "username=example@hotmail.com", "id=4263", "sl=0",
                "ru=http://members.example/Edit.asp?lc=1033", "auth=\(Self.ticket)",
                "creds=03cb7edb4a7cd847ebc6bd52fdbca4e1", "js=yes",
            ])
    }

    @Test("No form, and no digest of the password")
    func none() throws {
        let whole = try read("sid: 507\r\nkv: 11\r\nMSPAuth: \(Self.ticket)\r\n")
        let refused: [(Profile, ServiceLocation)] = [
            (whole, location(siteID: nil)),
            (whole, location("/unused1", login: "/unused2", siteID: "1")),
            (whole, location(login: "http://loginnet.passport.example/")),
            (whole, location("javascript:alert(1)")),
            (try read("sid: 507\r\nkv: 11\r\nMSPAuth:\r\n"), location()),
        ]
        for (profile, location) in refused {
            var digested = false
            let form = PassportForm(handle: "a@b", profile: profile, location: location, elapsed: 1) { _ in
                digested = true
                return ""
            }
            #expect(form == nil)
            #expect(!digested)
        }
    }
}
