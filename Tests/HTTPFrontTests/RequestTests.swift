import HTTPFront
import Testing

@Suite struct RequestTests {
    private let host = "Host: localhost\r\n"

    @Test func aConnectionServesManyRequests() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            for number in 1...3 {
                try await client.send("GET /\(number) HTTP/1.1\r\n\(host)\r\n")
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response.text == "GET /\(number)\n")
                #expect(response.headers.contains("Date"))
                #expect(!response.headers.contains("Connection"))
            }
            #expect(server.statistics == HTTPStatistics(connections: 1, parked: 0, requests: 3))
            client.close()
        }
    }

    @Test func headIsAnsweredAsGetWithoutABody() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("HEAD /a HTTP/1.1\r\n\(host)\r\nGET /b HTTP/1.1\r\n\(host)\r\n")
            let response = try await client.response(toHead: true)
            #expect(response.status == 200)
            #expect(response.headers["Content-Length"] == "\("HEAD /a\n".utf8.count)")
            // The next bytes are the next answer.
            #expect(try await client.response().text == "GET /b\n")
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            let post = "POST /2 HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc"
            let chunked = "POST /3 HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n"
            try await client.send("GET /1 HTTP/1.1\r\n\(host)\r\n\(post)\(chunked)GET /4 HTTP/1.1\r\n\(host)\r\n")
            for expected in ["GET /1\n", "POST /2\nabc", "POST /3\nde", "GET /4\n"] {
                #expect(try await client.response().text == expected)
            }
        }
    }

    @Test(arguments: ["/a%00b", "/a%2Fb", "//a//b/", "/?", "/?a=1&b=%41+c?d", "/%", "/;a/../b"])
    func targetsArriveAsTheyWereSent(_ target: String) async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET \(target) HTTP/1.1\r\n\(host)\r\n")
            #expect(try await client.response().text == "GET \(target)\n")
        }
    }

    @Test func theAbsoluteFormNamesThePath() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET http://LOCALHOST/a?b HTTP/1.1\r\n\(host)\r\n")
            #expect(try await client.response().text == "GET /a?b\n")
        }
    }

    @Test(arguments: [
        ("GET http://Internal:8080/a HTTP/1.0\r\n\r\n", "Internal:8080"),
        ("GET http://LOCALHOST/a HTTP/1.1\r\nHost: localhost\r\n\r\n", "LOCALHOST"),
        ("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n", "none"), ("GET /a HTTP/1.0\r\n\r\n", "none"),
    ])
    func theHandlerLearnsOfTheTargetsAuthority(_ request: String, _ authority: String) async throws {
        let handler = TestHandler { head in .answer(.now(Response(status: 200, text: head.authority ?? "none"))) }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(request)
            #expect(try await client.response().text == authority)
        }
    }

    @Test func fieldsArriveAsTheyWereSent() async throws {
        let handler = TestHandler { head in
            .answer(.now(Response(status: 200, text: head.headers.map { "\($0.name)=\($0.value)\n" }.joined())))
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(
                "GET / HTTP/1.1\r\n\(host)Cookie: a=b; c=\"d\"\r\naccept:  x , y \t\r\nEmpty:\r\nAccept: z\r\n\r\n")
            #expect(
                try await client.response().text
                    == "Host=localhost\nCookie=a=b; c=\"d\"\naccept=x , y\nEmpty=\nAccept=z\n")
        }
    }

    @Test func thePeerIsTheClient() async throws {
        let handler = TestHandler { head in
            .answer(.now(Response(status: 200, text: "\(head.peer) \(head.peer.isLoopback)")))
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET / HTTP/1.1\r\n\(host)\r\n")
            #expect(try await client.response().text == "127.0.0.1 true")
        }
    }

    @Test func oneByteAtATimeIsARequest() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            let request = "POST /a?b HTTP/1.1\r\n\(host)Cookie: a=b\r\nContent-Length: 3\r\n\r\nabc"
            for byte in request.utf8 { try await client.send([byte]) }
            #expect(try await client.response().text == "POST /a?b\nabc")
        }
    }

    @Test func http10ClosesUnlessAskedNotTo() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await client.response().headers["Connection"]?.lowercased() == "keep-alive")
            try await client.send("GET /2 HTTP/1.0\r\n\r\n")
            #expect(try await client.response().text == "GET /2\n")
            #expect(try await client.end() == [])
        }
    }
}
