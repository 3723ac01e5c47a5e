import MSNP
import MSNPSandbox
import Testing

@Suite struct ServiceTests {
    private static let login = "https://login.sandbox.example/ppsecure/md5auth.srf?lc="

    @Test(
        "Each service of MSNP6",
        arguments: [
            ("INBOX", "/cgi-bin/HoTMaiL", 1033, 2), ("COMPOSE", "/cgi-bin/compose", 1033, 2),
            ("COMPOSE bob@example.com", "/cgi-bin/compose?mailto=1&to=bob%40example%2ecom", 1033, 2),
            ("COMPOSE bob%40example.com", "/cgi-bin/compose?mailto=1&to=bob%40example%2ecom", 1033, 2),
            ("FOLDERS", "/cgi-bin/folders", 1033, 2), ("MESSAGE", "/cgi-bin/getmsg", 1033, 2),
            ("PERSON 0x0407", "/cgi-bin/accountinfo?lc=1031", 1031, 2),
            (
                "MOBILE",
                "http://mobile.sandbox.example/hotmail/confirmUser.asp?URL=%2Fmessengerok.htm&mobID=1", 1033, 961
            ),
            ("CHGMOB", "http://mobile.sandbox.example/hotmail/settings.asp", 1033, 961),
            ("PROFILE 0x0409", "http://members.sandbox.example/Edit.asp?lc=1033", 1033, 4263),
            ("PROFILE", "http://members.sandbox.example/Edit.asp?lc=1033", 1033, 4263),
            ("PROFILE 1036", "http://members.sandbox.example/Edit.asp?lc=1036", 1036, 4263),
            (
                "N2PACCOUNT 0x40c", "https://ocs.sandbox.example/account/msnaccount/default.asp?_lang=0x040c",
                1036, 2823
            ),
            (
                "N2PFUND 1033", "https://ocs.sandbox.example/account/msnfund/default.asp?_lang=0x0409", 1033, 2823
            ),
        ])
    func service(request: String, redirect: String, language: Int, site: Int) throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        #expect(try stage.say("URL 5 \(request)", id) == ["URL 5 \(redirect) \(Self.login)\(language) \(site)"])
    }

    @Test(
        "Services by dialect",
        arguments: [
            ("MSNP6", "PASSWORD", false), ("MSNP2", "PASSWORD", true), ("MSNP3", "PASSWORD", false),
            ("MSNP2", "INBOX", true), ("MSNP4", "MOBILE", false), ("MSNP5", "MOBILE", true),
            ("MSNP5", "CHGMOB", true), ("MSNP5", "PROFILE", false), ("MSNP5", "N2PFUND", false),
            ("MSNP6", "CHAT", false), ("MSNP6", "inbox", false),
        ])
    func availability(dialect: String, name: String, isThere: Bool) throws {
        let stage = Stage()
        let id = try stage.signIn("erin", dialect)
        let answer = try stage.say("URL 5 \(name)", id)
        #expect(isThere ? answer.first?.hasPrefix("URL 5 ") == true : answer == ["201 5"])
        // The site ID came with MSNP3.
        if isThere { #expect(answer.first?.split(separator: " ").count == (dialect == "MSNP2" ? 4 : 5)) }
    }

    @Test("Bad languages", arguments: ["english", "0x", "0x10000", "70000", "0", "-1", "+1033", "0x+409", "0xzz"])
    func badLanguage(parameter: String) throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        #expect(try stage.say("URL 5 PROFILE \(parameter)", id) == ["710 5"])
    }

    @Test("The host of the login URLs")
    func host() {
        #expect(MSNPSandbox.loginHost == "login.sandbox.example")
    }
}
