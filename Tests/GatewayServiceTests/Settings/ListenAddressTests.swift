import GatewayService
import HTTPFront
import Testing

@Suite struct ListenAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1", 8080), ("0.0.0.0:0", "0.0.0.0", 0),
            ("localhost:65535", "localhost", 65_535),
            ("[::1]:80", "::1", 80), ("[::]:80", "::", 80),
        ] as [(String, String, UInt16)])
    func parses(text: String, host: String, port: UInt16) throws {
        let address = try #require(ListenAddress(parsing: text))
        #expect(address == ListenAddress(host: host, port: port))
        #expect("\(address)" == text)
    }

    @Test(
        arguments: [
            "", ":", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:+1", "127.0.0.1:65536",
            "unix:", "unix:relative", "unix:/", "unix:/run/", "unix:@name", "UNIX:/run/x", "unix:/a\0b",
            "::1:80", "[::1]", "[127.0.0.1]:80", "[::1:80", "example.com:80", "*:80", " 127.0.0.1:80", "127.0.0.1:80 ",
        ])
    func refuses(text: String) {
        #expect(ListenAddress(parsing: text) == nil)
    }

    @Test("A Unix socket has a path of the length that sun_path has room for")
    func unix() throws {
        let longest = "/" + String(repeating: "x", count: 106)
        #expect(ListenAddress(parsing: "unix:" + longest) == .unix(path: longest))
        #expect(ListenAddress(parsing: "unix:" + longest + "x") == nil)
        #expect("\(ListenAddress.unix(path: "/run/a.sock"))" == "unix:/run/a.sock")
    }

    @Test(
        arguments: [
            ("127.0.0.1:1", true), ("127.8.0.1:1", true), ("localhost:1", true), ("[::1]:1", true),
            ("unix:/run/gateway.sock", false), ("[::ffff:127.0.0.1]:1", true), ("0.0.0.0:1", false), ("[::]:1", false),
            ("10.0.0.1:1", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try #require(ListenAddress(parsing: text)).isLoopback == isLoopback)
    }
}
