import Testing

@testable import Webhooks

@Suite struct WebhookURLTests {
    @Test(
        "A URL is taken apart, and put together without what means nothing",
        arguments: [
            ("https://bot.example.com/events?a=b&c=%2F", "https://bot.example.com/events?a=b&c=%2F"),
            ("HTTPS://Bot.Example.COM:443", "https://bot.example.com/"),
            ("https://bot.example.com:8443/a", "https://bot.example.com:8443/a"),
            ("https://bot.example.com?x", "https://bot.example.com/?x"),
            ("http://127.0.0.1:80/", "http://127.0.0.1/"),
            ("https://[2001:DB8:0::1]:444/a", "https://[2001:db8::1]:444/a"),
            ("https://my_bot.example.com/a/../b//c", "https://my_bot.example.com/a/../b//c"),
            ("https://localhost/", "https://localhost/"),
        ])
    func takenApart(text: String, whole: String) throws {
        let url = try WebhookURL(text)
        #expect(url.text == whole)
        #expect(try WebhookURL(url.text) == url)
    }

    @Test(
        "What is no URL of a webhook is refused",
        arguments: [
            ("", .scheme), ("bot.example.com", .scheme), ("ftp://a.example/", .scheme),
            ("javascript:alert(1)", .scheme),
            ("file:///etc/passwd", .scheme), (" https://a.example/", .notASCII),
            ("https://a.example/\r\nX: y", .notASCII),
            ("https://bücher.example/", .notASCII), ("https://a.example/\u{0}", .notASCII),
            ("https:/a.example/", .host),
            ("https:a.example", .host), ("https://", .host), ("https:///a", .host), ("https://:443/", .host),
            ("https://u@a.example/", .credentials), ("https://u:p@a.example/", .credentials),
            ("https://a.example@127.0.0.1/", .credentials), ("https://a.example\\@127.0.0.1/", .path),
            ("https://a.example/#b", .fragment), ("https://a.example#", .fragment), ("https://a.example:0/", .port),
            ("https://a.example:/", .port), ("https://a.example:65536/", .port), ("https://a.example:+80/", .port),
            ("https://a.example/a b", .notASCII), ("https://a.example/%zz", .path), ("https://a.example/%4", .path),
            ("https://a.example/{id}", .path), ("https://a..example/", .host), ("https://.example/", .host),
            ("https://a.example./", .host), ("https://-a.example/", .host), ("https://a%2eexample/", .host),
            ("https://2130706433/", .host), ("https://0x7f000001/", .host), ("https://127.1/", .host),
            ("https://0177.0.0.1/", .host), ("https://127.0.0.01/", .host), ("https://1.2.3.4.5/", .host),
            ("https://a.0x7f/", .host), ("https://256.0.0.1/", .host), ("https://[::1/", .host), ("https://[]/", .host),
            ("https://[127.0.0.1]/", .host), ("https://[fe80::1%25eth0]/", .host), ("https://[::1]a/", .port),
            ("https://::1/", .port), ("https://a.example:80:80/", .port),
            ("https://\(String(repeating: "a", count: 64)).example/", .host),
            ("https://a.example/\(String(repeating: "a", count: WebhookURL.longest))", .tooLong),
            // A `/` is put before it.
            ("https://a.example?\(String(repeating: "a", count: WebhookURL.longest - 18))", .tooLong),
        ] as [(String, WebhookURLError)])
    func refused(text: String, error: WebhookURLError) {
        #expect(throws: error) { try WebhookURL(text) }
        #expect(error.detail.hasSuffix("."))
    }

    @Test("An address is told from a name")
    func addresses() throws {
        #expect(try WebhookURL("https://192.0.2.7/").address == [192, 0, 2, 7])
        #expect(try WebhookURL("https://[::ffff:192.0.2.7]/").address?.suffix(4) == [192, 0, 2, 7])
        #expect(try WebhookURL("https://bot7.example/").address == nil)
    }

    @Test("A log never has the query")
    func description() throws {
        #expect("\(try WebhookURL("https://a.example:8443/b?token=s3cret"))" == "https://a.example:8443/b")
    }

    @Test("What is taken is taken again as it is kept", arguments: ["/", "?", "?a", "/?"])
    func again(start: String) throws {
        let front = "https://a.example" + start
        for count in WebhookURL.longest - 24...WebhookURL.longest - front.utf8.count {
            guard let url = try? WebhookURL(front + String(repeating: "b", count: count)) else { continue }
            #expect(try WebhookURL(url.text) == url)
        }
    }
}
