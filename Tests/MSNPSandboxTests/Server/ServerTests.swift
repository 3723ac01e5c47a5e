import Glibc
import Loops
import MSNP
import MSNPSandbox
import Testing

@Suite(.timeLimit(.minutes(2))) struct ServerTests {
    @Test("Dispatch, sign-in, sign-out on sockets, with the referral that the dispatch server gives")
    func goldenFlow() async throws {
        try await withServer { server, group in
            let dispatch = try await LineClient.connect(server.dispatchAddress, group)
            #expect(await dispatch.ask("VER 1 MSNP6 MSNP5 MSNP4 CVR0") == "VER 1 MSNP6")
            #expect(await dispatch.ask("INF 2") == "INF 2 MD5")
            let referral = try #require(await dispatch.ask("USR 3 MD5 I alice@example.com"))
            #expect(referral == "XFR 3 NS \(server.notificationAddress) 0")
            #expect(await dispatch.next() == nil)

            let address = try #require(ServerAddress(parsing: String(referral.split(separator: " ")[3])))
            #expect(address.host == "127.0.0.1")
            let client = try await LineClient.connect(address, group)
            try await client.signIn("alice")
            #expect(await client.ask("SYN 8 1") == "SYN 8 1")
            #expect(await client.ask("CHG 9 NLN") == "CHG 9 NLN")
            #expect(await client.next() == "ILN 9 NLN echo@example.com Echo")
            #expect(await client.next()?.hasPrefix("MSG Hotmail Hotmail") == true)
            let challenge = try #require(await client.next()?.split(separator: " ").last)
            let answer = digest(String(challenge), "Q1P7W2E4J9R8U3S5")
            #expect(await client.ask("QRY 10 msmsgs@msnmsgr.com", payload: answer) == "QRY 10")
            #expect(await client.ask("OUT") == "OUT")
            #expect(await client.next() == nil)
        }
    }

    @Test("The referral names the address that the client reached")
    func reachedAddress() async throws {
        try await withServer {
            $0.host = "0.0.0.0"
        } _: { server, group in
            // All of 127.0.0.0/8 is this machine.
            let reached = ServerAddress(host: "127.0.0.2", port: server.dispatchAddress.port)
            let client = try await LineClient.connect(reached, group)
            #expect(await client.ask("VER 1 MSNP2") == "VER 1 MSNP2")
            let port = server.notificationAddress.port
            #expect(await client.ask("USR 2 MD5 I alice@example.com") == "XFR 2 NS 127.0.0.2:\(port)")
        }
    }

    @Test("Two people with nothing but sockets see each other come, change, rename, hide, block and go")
    func twoPeople() async throws {
        try await withServer { server, group in
            let alice = try await LineClient.connect(server.notificationAddress, group)
            let bob = try await LineClient.connect(server.notificationAddress, group)
            try await alice.comeOnline("alice")
            try await bob.comeOnline("bob", "BSY")
            #expect(await alice.drain() == ["NLN BSY bob@example.com Bob"])
            #expect(await bob.ask("CHG 5 AWY") == "CHG 5 AWY")
            #expect(await alice.drain() == ["NLN AWY bob@example.com Bob"])
            #expect(
                await bob.ask("REA 6 bob@example.com Zo%C3%AB") == "REA 6 2 bob@example.com Zo%C3%AB")
            #expect(await alice.drain() == ["NLN AWY bob@example.com Zo%C3%AB"])
            #expect(await bob.ask("CHG 7 HDN") == "CHG 7 HDN")
            #expect(await alice.drain() == ["FLN bob@example.com"])
            #expect(await bob.ask("CHG 8 NLN") == "CHG 8 NLN")
            #expect(await alice.drain() == ["NLN NLN bob@example.com Zo%C3%AB"])
            #expect(await bob.ask("REM 9 AL alice@example.com") == "REM 9 AL 3 alice@example.com")
            #expect(await bob.ask("ADD 10 BL alice@example.com A") == "ADD 10 BL 4 alice@example.com A")
            #expect(await alice.drain() == ["FLN bob@example.com"])
            #expect(await bob.ask("REM 11 BL alice@example.com") == "REM 11 BL 5 alice@example.com")
            #expect(await alice.drain() == ["NLN NLN bob@example.com Zo%C3%AB"])
            await bob.close()
            #expect(await alice.next() == "FLN bob@example.com")
        }
    }

    @Test("Two people with nothing but sockets chat, at the switchboard that they are referred to")
    func chat() async throws {
        try await withServer {
            $0.host = "0.0.0.0"
        } _: { server, group in
            let reached = ServerAddress(host: "127.0.0.2", port: server.notificationAddress.port)
            let alice = try await LineClient.connect(ServerAddress(host: "127.0.0.1", port: reached.port), group)
            let bob = try await LineClient.connect(reached, group)
            try await alice.comeOnline("alice")
            try await bob.comeOnline("bob")
            _ = await alice.drain()

            let transfer = try #require(await alice.ask("XFR 5 SB")).split(separator: " ").map(String.init)
            #expect(transfer[3] == "127.0.0.1:\(server.switchboardAddress.port)")
            let address = try #require(ServerAddress(parsing: transfer[3]))
            let alices = try await LineClient.connect(address, group)
            let entered = await alices.ask("USR 1 alice@example.com \(transfer[5])")
            #expect(entered == "USR 1 OK alice@example.com Alice")
            #expect(await alices.ask("CAL 2 bob@example.com")?.hasPrefix("CAL 2 RINGING ") == true)

            let ring = try #require(await bob.next()).split(separator: " ").map(String.init)
            // Bob came by another address of the same server, and is sent to one that he can reach.
            #expect(ring[2] == "127.0.0.2:\(server.switchboardAddress.port)")
            let bobs = try await LineClient.connect(try #require(ServerAddress(parsing: ring[2])), group)
            #expect(
                await bobs.ask("ANS 1 bob@example.com \(ring[4]) \(ring[1])") == "IRO 1 1 1 alice@example.com Alice")
            #expect(await bobs.next() == "ANS 1 OK")
            #expect(await alices.next() == "JOI bob@example.com Bob")

            let text = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nCafé at 5? ☕"
            #expect(await alices.ask("MSG 3 A", payload: text) == "ACK 3")
            #expect(await bobs.next() == "MSG alice@example.com Alice \(text.utf8.count)")
            #expect(await bobs.ask("MSG 2 A", payload: text) == "ACK 2")
            #expect(await alices.next() == "MSG bob@example.com Bob \(text.utf8.count)")
            #expect(await alices.ask("CAL 4 echo@example.com")?.hasPrefix("CAL 4 RINGING ") == true)
            #expect(await bobs.next() == "JOI echo@example.com Echo")
            // The sessions may end; the conversation goes on, until somebody's connection breaks.
            await alice.close()
            #expect(await bob.next() == "FLN alice@example.com")
            #expect(await bobs.ask("MSG 3 A", payload: text) == "ACK 3")
            await bobs.close()
            var line = await alices.next()
            while let heard = line, !heard.hasPrefix("BYE ") { line = await alices.next() }
            #expect(line == "BYE bob@example.com")
            #expect(await alices.ask("OUT") == "OUT")
            #expect(await alices.next() == nil)
        }
    }

    @Test("Two thousand messages in one go arrive whole and in order")
    func manyMessages() async throws {
        try await withServer { server, group in
            let alice = try await LineClient.connect(server.notificationAddress, group)
            let bob = try await LineClient.connect(server.notificationAddress, group)
            try await alice.comeOnline("alice")
            try await bob.comeOnline("bob")
            _ = await alice.drain()
            let cookie = try #require(await alice.ask("XFR 5 SB")?.split(separator: " ").last)
            let alices = try await LineClient.connect(server.switchboardAddress, group)
            _ = await alices.ask("USR 1 alice@example.com \(cookie)")
            _ = await alices.ask("CAL 2 bob@example.com")
            let ring = try #require(await bob.next()).split(separator: " ")
            let bobs = try await LineClient.connect(server.switchboardAddress, group)
            _ = await bobs.ask("ANS 1 bob@example.com \(ring[4]) \(ring[1])")
            #expect(await bobs.next() == "ANS 1 OK")
            #expect(await alices.next() == "JOI bob@example.com Bob")
            let header = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
            let lengths = (0..<2_000).map { header.utf8.count + $0 % 1_000 }
            var stream: [UInt8] = []
            for (number, length) in lengths.enumerated() {
                stream += Array("MSG \(number + 10) A \(length)\r\n\(header)".utf8)
                stream += [UInt8](repeating: 0x78, count: length - header.utf8.count)
            }
            alices.sendBytes(stream)
            var heard: [String] = []
            var receipts: [String] = []
            for _ in lengths {
                heard.append(await bobs.next() ?? "")
                receipts.append(await alices.next() ?? "")
            }
            #expect(heard == lengths.map { "MSG alice@example.com Alice \($0)" })
            #expect(receipts == (0..<2_000).map { "ACK \($0 + 10)" })
        }
    }

    @Test("A second login kicks the first")
    func secondLogin() async throws {
        try await withServer { server, group in
            let first = try await LineClient.connect(server.notificationAddress, group)
            try await first.comeOnline("alice")
            let second = try await LineClient.connect(server.notificationAddress, group)
            try await second.signIn("alice")
            #expect(await first.next() == "OUT OTH")
            #expect(await first.next() == nil)
            #expect(await second.drain() == [])
        }
    }

    @Test("An error can be read although the client went on talking")
    func errorIsRead() async throws {
        try await withServer { server, group in
            let client = try await LineClient.connect(server.notificationAddress, group)
            #expect(await client.ask("VER 1 MSNP6") == "VER 1 MSNP6")
            #expect(await client.ask("USR 2 MD5 I nobody@example.com")?.hasPrefix("USR 2 MD5 S ") == true)
            let pipelined = "USR 3 MD5 S 0\r\nSYN 4 0\r\nCHG 5 NLN\r\n" + String(repeating: "PNG\r\n", count: 1_000)
            client.sendBytes(Array(pipelined.utf8))
            #expect(await client.next() == "911 3")
            #expect(await client.next() == nil)
        }
    }

    @Test(
        "Streams that can't be followed are closed",
        arguments: ["MSG a b x\r\n", "QRY 1 x 99999999\r\n", String(repeating: "x", count: 17_000)])
    func framing(text: String) async throws {
        try await withServer { server, group in
            let client = try await LineClient.connect(server.notificationAddress, group)
            client.sendBytes(Array(text.utf8))
            #expect(await client.next() == nil)
        }
    }

    @Test("Commands arrive byte by byte, and end in LF alone")
    func fragments() async throws {
        try await withServer { server, group in
            let client = try await LineClient.connect(server.notificationAddress, group)
            for byte in "VER 1 MSNP6\nINF 2\r\n".utf8 { client.sendBytes([byte]) }
            #expect(await client.next() == "VER 1 MSNP6")
            #expect(await client.next() == "INF 2 MD5")
        }
    }

    @Test("Faults on sockets")
    func faults() async throws {
        try await withServer { server, group in
            let alice = try await LineClient.connect(server.notificationAddress, group)
            try await alice.comeOnline("alice")
            #expect(await server.order(.malformed, account: "alice@example.com"))
            let lines = await alice.drain()
            #expect(lines.contains("XYZ 1 2 3"))
            #expect(await server.order(.challenge))
            #expect(await alice.next()?.hasPrefix("CHL 0 ") == true)
            #expect(await server.order(.stall, account: "alice@example.com", count: 1))
            alice.send("PNG")
            #expect(await alice.ask("CHG 6 BSY") == "CHG 6 BSY")
            #expect(await server.order(.drop, account: "alice@example.com"))
            #expect(await alice.next() == nil)
            #expect(await !server.order(.drop, account: "alice@example.com"))

            let bob = try await LineClient.connect(server.notificationAddress, group)
            #expect(await server.order(.busy, account: "bob@example.com"))
            _ = await bob.ask("VER 1 MSNP6")
            #expect(await bob.ask("USR 2 MD5 I bob@example.com") == "600 2")
            #expect(await bob.next() == nil)
        }
    }

    @Test("Shutting down says so, and frees the port")
    func shutdown() async throws {
        try await withServer { server, group in
            let alice = try await LineClient.connect(server.notificationAddress, group)
            try await alice.signIn("alice")
            let greeting = try await LineClient.connect(server.dispatchAddress, group)
            _ = await greeting.ask("VER 1 MSNP6")
            await server.shutdown()
            #expect(await alice.next() == "OUT SSD")
            #expect(await alice.next() == nil)
            #expect(await greeting.next() == nil)
            #expect(await !server.order(.kick))
            var configuration = Configuration()
            configuration.port = Int(server.dispatchAddress.port)
            let successor = try await Server.start(configuration)
            #expect(successor.dispatchAddress == server.dispatchAddress)
            await successor.shutdown()
        }
    }

    @Test("A port that is taken is an error, and leaves nothing behind")
    func takenPort() async throws {
        try await withServer { server, group in
            var configuration = Configuration()
            configuration.port = Int(server.dispatchAddress.port)
            await #expect(throws: ServerError.system(call: "bind", code: EADDRINUSE)) {
                _ = try await Server.start(configuration)
            }
        }
    }

    @Test("A host that is a name is looked up, and one that nobody knows is an error")
    func names() async throws {
        try await withServer {
            $0.host = "localhost"
        } _: { server, group in
            #expect(TCPEndpoint(literal: server.dispatchAddress.host, port: 0) != nil)
            let client = try await LineClient.connect(server.notificationAddress, group)
            #expect(await client.ask("VER 1 MSNP6") == "VER 1 MSNP6")
        }
        var configuration = Configuration()
        // Too long for any name, so that nobody is asked.
        configuration.host = String(repeating: "x", count: 300)
        await #expect(throws: ServerError.unknownHost(configuration.host)) {
            _ = try await Server.start(configuration)
        }
    }

    @Test("No room for more connections than the limit")
    func connectionLimit() async throws {
        try await withServer {
            $0.limits.connections = 1
        } _: { server, group in
            let first = try await LineClient.connect(server.notificationAddress, group)
            #expect(await first.ask("VER 1 MSNP6") == "VER 1 MSNP6")
            let second = try await LineClient.connect(server.dispatchAddress, group)
            #expect(await second.next() == nil)
            #expect(await first.ask("INF 2") == "INF 2 MD5")
        }
    }

    @Test("Who keeps a connection open that the server has ended doesn't keep its place")
    func closeTime() async throws {
        try await withServer {
            $0.limits.connections = 1
            $0.limits.closeTime = .milliseconds(50)
        } _: { server, group in
            let first = try await LineClient.connect(server.notificationAddress, group, lingering: true)
            #expect(await first.ask("OUT") == "OUT")
            var answer: String?
            while answer == nil {
                answer = await (try LineClient.connect(server.notificationAddress, group)).ask("VER 1 MSNP6")
            }
            #expect(answer == "VER 1 MSNP6")
        }
    }

    @Test("Time-outs: no sign-in, no answer to a challenge, no word at all")
    func timeouts() async throws {
        try await withServer {
            $0.limits.signInTime = .milliseconds(50)
        } _: { server, group in
            let client = try await LineClient.connect(server.dispatchAddress, group)
            #expect(await client.next() == nil)
        }
        try await withServer {
            $0.limits.challengeTime = .milliseconds(50)
        } _: { server, group in
            let client = try await LineClient.connect(server.notificationAddress, group)
            try await client.signIn("bob")
            #expect(await client.ask("CHL 4")?.hasPrefix("CHL 4 ") == true)
            #expect(await client.next() == "OUT")
            #expect(await client.next() == nil)
        }
        try await withServer {
            $0.limits.idleTime = .milliseconds(200)
        } _: { server, group in
            let client = try await LineClient.connect(server.notificationAddress, group)
            #expect(await client.next() == nil)
        }
    }

    @Test("Whoever doesn't read is closed")
    func slowReader() async throws {
        try await withServer {
            $0.limits.writeBuffer = 16 * 1024
            // Nothing else may end her session.
            $0.limits.challengeTime = .seconds(3_600)
        } _: { server, group in
            let alice = try await LineClient.connect(server.notificationAddress, group)
            let bob = try await LineClient.connect(server.notificationAddress, group)
            try await alice.comeOnline("alice")
            try await bob.comeOnline("bob")
            #expect(await bob.drain() == [])
            try await alice.stopReading()
            // More than the kernel's buffers on both sides take in; sent in one go, as the answers to it would block.
            let flood = String(repeating: "SYN 1 0\r\n", count: 20_000)
            alice.sendBytes(Array(flood.utf8))
            #expect(await bob.next() == "FLN alice@example.com")
        }
    }
}
