import HTTPFront
import MSNPClient
import Testing

@testable import Gateway

@Suite struct ClientAddressTests {
    /// What a proxy that is trusted may say, and who the client is then.
    struct Case: CustomTestStringConvertible {
        let lines: [String]
        let client: String
        var peer = "10.0.0.1"

        init(_ lines: String..., is client: String) {
            self.lines = lines
            self.client = client
        }

        var testDescription: String { lines.joined(separator: " | ") + " → " + client }
    }

    private func resolver(_ header: ProxyHeader) throws -> ClientAddressResolver {
        let trusted = try ["10.0.0.1", "10.0.0.2", "2001:db8:1::1"].map { try #require(IPAddress(literal: $0)) }
        return ClientAddressResolver(trustedProxies: Set(trusted), header: header)
    }

    @Test(
        "X-Forwarded-For is read from the right, over all its lines, past trusted proxies and no further",
        arguments: [
            Case("192.0.2.7", is: "192.0.2.7"),
            Case("198.51.100.1, 192.0.2.7", is: "192.0.2.7"),
            Case("10.9.9.9, 192.0.2.7 , 10.0.0.2", is: "192.0.2.7"),
            Case("198.51.100.1", "192.0.2.7", is: "192.0.2.7"),
            Case("192.0.2.7", "10.0.0.2,10.0.0.1", is: "192.0.2.7"),
            Case("10.0.0.2", is: "10.0.0.2"), Case("10.0.0.1, 10.0.0.2", is: "10.0.0.1"),
            Case(is: "10.0.0.1"), Case("", " ,, ", is: "10.0.0.1"),
            Case("192.0.2.7,", is: "192.0.2.7"),
            // Whom a hop does not know, nobody before it can tell.
            Case("192.0.2.7, unknown", is: "10.0.0.1"), Case("192.0.2.7, unknown, 10.0.0.2", is: "10.0.0.2"),
            Case("192.0.2.7, _hidden", is: "10.0.0.1"), Case("192.0.2.7, 1.2.3", is: "10.0.0.1"),
            Case("192.0.2.7, unix:", is: "10.0.0.1"), Case("192.0.2.7, 192.0.2.256", is: "10.0.0.1"),
            Case("192.0.2.7, for=192.0.2.8", is: "10.0.0.1"), Case("192.0.2.7, \"192.0.2.8\"", is: "10.0.0.1"),
            Case("192.0.2.7, 192.0.2.8:", is: "10.0.0.1"), Case("192.0.2.7, 192.0.2.8:123456", is: "10.0.0.1"),
            // Ports and brackets.
            Case("192.0.2.7:4711", is: "192.0.2.7"), Case("[2001:db8::7]:4711", is: "2001:db8::7"),
            Case("[2001:db8::7]", is: "2001:db8::7"), Case("2001:DB8:0::7", is: "2001:db8::7"),
            Case("[192.0.2.7]", is: "10.0.0.1"), Case("[2001:db8::7", is: "10.0.0.1"),
            Case("fe80::1%eth0", is: "10.0.0.1"), Case("192.0.2.7, 2001:db8:1:0::1", is: "192.0.2.7"),
            // An IPv4 address in an IPv6 one is that address.
            Case("::ffff:192.0.2.7", is: "192.0.2.7"), Case("::ffff:c000:207", is: "192.0.2.7"),
            Case("192.0.2.7, ::ffff:10.0.0.2", is: "192.0.2.7"),
            // A client's own talk, with a quote that is never closed.
            Case("\"198.51.100.1", "192.0.2.7", is: "192.0.2.7"), Case("\"198.51.100.1, 192.0.2.7", is: "192.0.2.7"),
        ])
    func forwardedFor(test: Case) throws {
        #expect(
            "\(try resolver(.xForwardedFor).resolve(peer: IPAddress(literal: test.peer), lines: test.lines))"
                == test.client)
    }

    @Test(
        "Forwarded likewise, with the grammar of RFC 7239",
        arguments: [
            Case("for=192.0.2.7", is: "192.0.2.7"), Case("For=\"192.0.2.7\"", is: "192.0.2.7"),
            Case("for=192.0.2.7;proto=https;by=203.0.113.43", is: "192.0.2.7"),
            Case("proto=https; for=\"192.0.2.7:4711\" ;host=\"a,b;c\"", is: "192.0.2.7"),
            Case("for=198.51.100.1, for=192.0.2.7", is: "192.0.2.7"),
            Case("for=198.51.100.1", "for=192.0.2.7, for=10.0.0.2", is: "192.0.2.7"),
            Case("for=\"[2001:db8:cafe::17]:4711\"", is: "2001:db8:cafe::17"),
            Case("FOR=\"[2001:db8:cafe::17]\"", is: "2001:db8:cafe::17"),
            Case("for=\"192.0.2.7:_port\"", is: "192.0.2.7"), Case("for=192.0.2.7;", is: "192.0.2.7"),
            // Nobody that can be believed.
            Case("for=192.0.2.7, for=unknown", is: "10.0.0.1"), Case("for=192.0.2.7, for=_gazonk", is: "10.0.0.1"),
            Case("for=192.0.2.7, for=\"_gazonk:80\"", is: "10.0.0.1"),
            Case("for=192.0.2.7, proto=http", is: "10.0.0.1"),
            Case("for=192.0.2.7, for=192.0.2.8;for=192.0.2.9", is: "10.0.0.1"),
            Case("for=192.0.2.7, 192.0.2.8", is: "10.0.0.1"), Case("for=192.0.2.7, for=", is: "10.0.0.1"),
            // A colon and brackets are no token's, and an IPv6 address has brackets.
            Case("for=192.0.2.7, for=192.0.2.8:80", is: "10.0.0.1"),
            Case("for=192.0.2.7, for=[2001:db8::1]", is: "10.0.0.1"),
            Case("for=192.0.2.7, for=\"2001:db8::1\"", is: "10.0.0.1"),
            Case("for=192.0.2.7, for=\"[192.0.2.8]\"", is: "10.0.0.1"),
            Case("for=192.0.2.7, for=\"192.0.2.\\8\"", is: "10.0.0.1"),
            Case("for=192.0.2.7, for =192.0.2.8", is: "10.0.0.1"),
            // A client's quotes swallow nothing of what the proxy adds.
            Case("for=\"198.51.100.1", "for=192.0.2.7", is: "192.0.2.7"),
            Case("for=\"198.51.100.1, for=192.0.2.7", is: "192.0.2.7"),
            Case("for=\"\\\", for=192.0.2.7", is: "192.0.2.7"),
            Case("for=\"198.51.100.1\\\\\"\", for=\"192.0.2.7\";proto=\"https\"", is: "192.0.2.7"),
        ])
    func forwarded(test: Case) throws {
        #expect(
            "\(try resolver(.forwarded).resolve(peer: IPAddress(literal: test.peer), lines: test.lines))" == test.client
        )
    }

    private func head(_ peer: String, _ headers: HeaderFields) -> RequestHead {
        RequestHead(
            method: "GET", path: "/", query: nil, headers: headers, peer: PeerAddress(ip: peer), contentLength: nil,
            hasBody: false)
    }

    @Test("Who is not trusted is the client, whatever it says; the other field is never looked at")
    func untrusted() throws {
        let both: HeaderFields = [("Forwarded", "for=192.0.2.7"), ("X-Forwarded-For", "192.0.2.8")]
        #expect("\(try resolver(.xForwardedFor).client(of: head("203.0.113.9", both)))" == "203.0.113.9")
        #expect("\(try resolver(.xForwardedFor).client(of: head("10.0.0.2", both)))" == "192.0.2.8")
        #expect("\(try resolver(.forwarded).client(of: head("10.0.0.2", both)))" == "192.0.2.7")
        let other: HeaderFields = [("Forwarded", "for=192.0.2.7"), ("X-Real-IP", "192.0.2.8")]
        #expect("\(try resolver(.xForwardedFor).client(of: head("10.0.0.2", other)))" == "10.0.0.2")
        // Whatever its spelling: an address and not a text is trusted.
        let mapped = head("2001:0db8:0001:0:0:0:0:1", [("x-forwarded-for", "192.0.2.8")])
        #expect("\(try resolver(.xForwardedFor).client(of: mapped))" == "192.0.2.8")
        let nobody = ClientAddressResolver(trustedProxies: [], header: .xForwardedFor)
        #expect("\(nobody.client(of: head("10.0.0.1", both)))" == "10.0.0.1")
    }

    @Test(
        "A peer without an address counts as a proxy that is trusted, and is nobody and not loopback where it says nothing"
    )
    func noAddress() throws {
        let resolver = try resolver(.xForwardedFor)
        #expect("\(resolver.resolve(peer: nil, lines: ["192.0.2.7"]))" == "192.0.2.7")
        let unknown = resolver.resolve(peer: nil, lines: ["unknown"])
        #expect(unknown.ip == nil)
        #expect(unknown.network != ClientNetwork(IPAddress(literal: "127.0.0.1")))
        #expect(unknown.network != ClientNetwork(IPAddress(literal: "::1")))
        #expect(!PeerAddress(ip: "").isLoopback)
    }

    @Test("IPv6 counts by /64, IPv4 by the address, also when it comes as IPv6")
    func networks() throws {
        func network(_ text: String) -> ClientNetwork { ClientNetwork(IPAddress(literal: text)) }
        #expect(network("2001:db8:0:1::1") == network("2001:db8:0:1:ffff::9"))
        #expect(network("2001:db8:0:1::1") != network("2001:db8:0:2::1"))
        #expect(network("192.0.2.7") != network("192.0.2.8"))
        #expect(network("192.0.2.7") == network("::ffff:192.0.2.7"))
    }
}
