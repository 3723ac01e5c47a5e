import Testing

@testable import HTTPFront

@Suite struct RequestTargetTests {
    @Test(
        arguments: [
            ("/", "/", nil, nil), ("/a/b", "/a/b", nil, nil), ("/a?b?c", "/a", "b?c", nil), ("/a?", "/a", "", nil),
            ("//", "//", nil, nil), ("*", "*", nil, nil), ("/%00", "/%00", nil, nil), ("http://h", "/", nil, "h"),
            ("HTTPS://h:1/a?b", "/a", "b", "h:1"), ("http://h?b", "/", "b", "h"),
            ("http://[::1]:80/", "/", nil, "[::1]:80"),
        ] as [(String, String, String?, String?)])
    func isTakenApart(_ text: String, _ path: String, _ query: String?, _ authority: String?) throws {
        let target = try #require(RequestTarget(parsing: Array(text.utf8)[...]))
        #expect(target.path == path)
        #expect(target.query == query)
        #expect(target.authority == authority)
    }

    @Test(arguments: [
        "", "a", "h:80", "?", "**", "http://", "http:///a", "ftp://h/", "http://u@h/", "http:/h", "/a b", "/a\tb",
        "/a\u{7F}",
        "/\u{E4}", "/a#b", "/a\0",
    ])
    func isRefused(_ text: String) { #expect(RequestTarget(parsing: Array(text.utf8)[...]) == nil) }
}
