import MSNP
import Testing

@Suite struct WebAddressTests {
    @Test(
        "Whom a URL reaches",
        arguments: [
            ("https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033", "https://loginnet.passport.example"),
            ("http://www.hotmail.example", "http://www.hotmail.example"),
            ("HTTPS://Login.EXAMPLE:8443?x=/@:", "https://login.example:8443"),
            ("https://login.example#@evil.example/", "https://login.example"),
            ("http://10.0.0.5:80/", "http://10.0.0.5:80"),
            ("https://[2001:DB8::1]:443/", "https://[2001:db8::1]:443"),
            ("https://[::1]", "https://[::1]"),
            ("https://my_host-1/a%20b?to=bob%40example%2ecom", "https://my_host-1"),
        ])
    func reaches(url: String, origin: String) {
        #expect(WebAddress(parsing: url)?.origin == origin)
    }

    @Test("Host, port and security apart")
    func parts() throws {
        let address = try #require(WebAddress(parsing: "https://Login.Example:8443/x"))
        #expect(address.host == "login.example")
        #expect(address.port == 8443)
        #expect(address.isSecure)
        #expect(try #require(WebAddress(parsing: "http://a/")).isSecure == false)
        #expect(try #require(WebAddress(parsing: "http://a/")).port == nil)
    }

    @Test(
        "Refused",
        arguments: [
            "", "/unused1", "//login.example/", "login.example", "javascript:alert(1)",
            "javascript://login.example/%0Aalert(1)",
            "data:text/html,x", "ftp://login.example/", "https:login.example", "https:/login.example", "https://",
            "https:///path", "https://?x", "https://:443/", "https://user@login.example/",
            "https://login.example:x@evil.example/", "https://login.example:/", "https://login.example:0/",
            "https://login.example:65536/", "https://login.example:+80/", "https://login.example:80:80/",
            "https://login.example\\@evil.example/", "https://login.example/a b", "https://login.example/\ta",
            "https://login.example/\r\n", "\u{1}https://login.example/", " https://login.example/",
            "https://login.exämple/",
            "https://login.example/é", "https://login%2eexample/", "https://login..example/", "https://.example/",
            "https://login.example./", "https://[::1/", "https://[]/", "https://[::1]x/", "https://[1.2.3.4]/",
            "https://login.example/\"onclick=", "https://login.example/<x>", "https://a]b/",
            "https://[::1]@evil.example/",
        ])
    func refused(url: String) {
        #expect(WebAddress(parsing: url) == nil)
    }
}
