import MSNP
import MSNPSandbox
import Testing

/// The sandbox limited to each dialect, spoken with by a line client (docs/protocol.md#dialects).
@Suite(.timeLimit(.minutes(5))) struct DialectTests {
    @Test(
        "A client that offers everything gets what there is, and nothing that came later", arguments: Dialect.allCases)
    func limited(dialect: Dialect) async throws {
        try await withServer {
            $0.newestDialect = dialect
        } _: { server, group in
            let dispatch = try await LineClient.connect(server.dispatchAddress, group)
            #expect(await dispatch.ask("VER 1 MSNP6 MSNP5 MSNP4 MSNP3 MSNP2 CVR0") == "VER 1 \(dialect.name)")
            #expect(await dispatch.ask("INF 2") == "INF 2 MD5")
            let referral = await dispatch.ask("USR 3 MD5 I bob@example.com")
            let address = server.notificationAddress
            #expect(
                referral == "XFR 3 NS \(address.host):\(address.port)" + (dialect == .msnp2 ? "" : " 0"))

            let bob = try await LineClient.connect(server.notificationAddress, group)
            try await bob.signIn("bob", dialect.name)
            bob.send("SYN 5 0")
            let burst = await bob.drain()
            #expect(burst.first == "SYN 5 1")
            #expect(burst.contains { $0.hasPrefix("PRP") } == (dialect >= .msnp5))
            #expect(burst.contains { $0.hasPrefix("BPR") } == (dialect >= .msnp5))
            #expect(burst.contains("GTC 5 1 A"))
            #expect(burst.contains("BLP 5 1 AL"))
            #expect(burst.contains("LST 5 FL 1 1 3 alice@example.com Alice"))
            #expect(burst.last?.hasPrefix("LST 5 RL 1 3 3 ") == true)
            bob.send("CHG 6 NLN")
            let arrival = await bob.drain()
            #expect(arrival.first == "CHG 6 NLN")
            #expect(arrival.contains { $0.hasPrefix("CHL 0 ") } == (dialect >= .msnp6))

            bob.send("ADD 7 AL erin@example.com E")
            bob.send("ADD 8 FL erin@example.com E")
            bob.send("REM 9 AL alice@example.com")
            bob.send("ADD 10 BL alice@example.com A")
            bob.send("BLP 11 BL")
            bob.send("GTC 12 N")
            bob.send("REA 13 bob@example.com Bobby")
            let edits = await bob.drain().filter { !$0.hasPrefix("BPR") }
            #expect(
                edits == [
                    "ADD 7 AL 2 erin@example.com E", "ADD 8 FL 3 erin@example.com E", "REM 9 AL 4 alice@example.com",
                    "ADD 10 BL 5 alice@example.com A", "BLP 11 6 BL", "GTC 12 7 N", "REA 13 8 bob@example.com Bobby",
                ])
            // What came with MSNP5 ends a connection that speaks less.
            #expect(await bob.ask("PRP 14 PHH 1") == (dialect >= .msnp5 ? "PRP 14 9 PHH 1" : nil))
        }
    }

    @Test("A client that speaks only what came later is told so", arguments: [Dialect.msnp2, .msnp3, .msnp4, .msnp5])
    func tooNew(dialect: Dialect) async throws {
        try await withServer {
            $0.newestDialect = dialect
        } _: { server, group in
            let client = try await LineClient.connect(server.dispatchAddress, group)
            #expect(await client.ask("VER 1 MSNP6") == "VER 1 0")
            #expect(await client.next() == nil)
        }
    }
}
