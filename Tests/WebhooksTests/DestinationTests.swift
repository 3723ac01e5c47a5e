import Glibc
import TestSupport
import Testing

@testable import Webhooks

/// Where requests go, whatever names and the environment say.
@Suite(.timeLimit(.minutes(1)), .serialized) struct DestinationTests {
    private static let own: [UInt8] = [127, 0, 0, 1]
    private static let other: [UInt8] = [127, 0, 0, 2]

    @Test("A name that moves to an address that is not allowed is not followed, nor is its old connection used")
    func rebinding() async throws {
        let receiver = try Receiver([0, 0, 0, 0])
        let names = TestNames { _, number in number == 1 ? [Self.own] : [Self.other] }
        let stage = try TransportStage(names: names) { $0.namesKept = .zero }
        let url = "http://bot.example.com:\(receiver.port)/"
        #expect(try await stage.send(url) == .answered(status: 204))
        for _ in 0..<3 { #expect(try await stage.send(url) == .failed(.addressRefused)) }
        #expect(names.asked.all.count == 4)
        #expect(receiver.requests.all.map(\.address) == [Self.own])
        await stage.transport.close()
    }

    @Test("A name that moves to another allowed address is followed, past the connection that is kept")
    func moving() async throws {
        let receiver = try Receiver([0, 0, 0, 0])
        let names = TestNames { _, number in number == 1 ? [Self.own] : [Self.other] }
        let stage = try TransportStage(listed: ["127.0.0.0/8"], names: names) { $0.namesKept = .zero }
        let url = "http://bot.example.com:\(receiver.port)/"
        for _ in 0..<3 { #expect(try await stage.send(url) == .answered(status: 204)) }
        #expect(receiver.requests.all.map(\.address) == [Self.own, Self.other, Self.other])
        #expect(receiver.requests.all.map(\.connection) == [1, 2, 2])
        await stage.transport.close()
    }

    @Test(
        "One address that is not allowed refuses the name",
        arguments: [
            [[127, 0, 0, 1], [10, 0, 0, 1]], [[10, 0, 0, 1], [127, 0, 0, 1]], [[169, 254, 169, 254]],
            [[127, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 1]],
        ] as [[[UInt8]]])
    func oneBad(addresses: [[UInt8]]) async throws {
        let receiver = try Receiver()
        let stage = try TransportStage(names: TestNames { _, _ in addresses })
        for scheme in ["http", "https"] {
            let url = "\(scheme)://bot.example.com:\(receiver.port)/"
            #expect(try await stage.send(url) == .failed(.addressRefused))
        }
        #expect(receiver.requests.all.isEmpty)
        await stage.transport.close()
    }

    @Test("An address that nobody takes is passed over for the next one")
    func nextAddress() async throws {
        let receiver = try Receiver()
        let stage = try TransportStage(listed: ["127.0.0.0/8"], names: TestNames { _, _ in [Self.other, Self.own] })
        #expect(try await stage.send("http://bot.example.com:\(receiver.port)/") == .answered(status: 204))
        await stage.transport.close()
    }

    @Test("What is refused without a look at the name")
    func refusedAtOnce() async throws {
        let names = TestNames { _, _ in [Self.own] }
        let stage = try TransportStage(listed: [], names: names)
        for url in ["http://bot.example.com/", "https://bot.example.com:25/", "https://127.0.0.1/", "https://[::1]/"] {
            #expect(try await stage.send(url) == .failed(.addressRefused))
        }
        #expect(names.asked.all.isEmpty)
        await stage.transport.close()
    }

    @Test("A policy that changes holds for kept connections too")
    func policyChanges() async throws {
        let receiver = try Receiver()
        let stage = try TransportStage(names: TestNames { _, _ in [Self.own] })
        let url = "http://bot.example.com:\(receiver.port)/"
        #expect(try await stage.send(url) == .answered(status: 204))
        stage.transport.use(DestinationPolicy())
        #expect(try await stage.send(url) == .failed(.addressRefused))
        #expect(receiver.requests.all.count == 1)
        await stage.transport.close()
    }

    @Test("A name without addresses, and one whose servers say nothing")
    func noAddresses() async throws {
        let silent = TestNames { host, _ in
            if host.hasPrefix("slow") { try? await Task.sleep(for: .seconds(3_600)) }
            return []
        }
        let stage = try TransportStage(names: silent) { $0.timeout = .milliseconds(100) }
        #expect(try await stage.send("http://bot.example.com/") == .failed(.nameNotFound))
        async let first = stage.send("http://slow.example.com/")
        async let second = stage.send("http://slow.example.com/other")
        #expect(try await first == .failed(.timedOut))
        #expect(try await second == .failed(.timedOut))
        // Nobody asks twice at a time.
        #expect(try await stage.send("http://slow.example.com/") == .failed(.timedOut))
        #expect(silent.asked.all == ["bot.example.com", "slow.example.com"])
        await stage.transport.close()
    }

    @Test("A name is looked up once for all that go there within a while")
    func keptName() async throws {
        let receiver = try Receiver()
        let names = TestNames { _, _ in [Self.own] }
        let stage = try TransportStage(names: names)
        for _ in 0..<3 {
            #expect(try await stage.send("http://bot.example.com:\(receiver.port)/") == .answered(status: 204))
        }
        #expect(names.asked.all.count == 1)
        await stage.transport.close()
    }

    @Test("Proxies of the environment are not asked; one that is set is")
    func proxies() async throws {
        let (proxy, receiver) = (try Receiver(), try Receiver())
        let address = "http://127.0.0.1:\(proxy.port)"
        let variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"]
        for name in variables { setenv(name, address, 1) }
        setenv("no_proxy", "*", 1)
        defer { for name in variables + ["no_proxy"] { unsetenv(name) } }
        let direct = try TransportStage(names: TestNames { _, _ in [Self.own] })
        #expect(try await direct.send("http://bot.example.com:\(receiver.port)/") == .answered(status: 204))
        #expect(proxy.requests.all.isEmpty)
        #expect(receiver.requests.all.count == 1)

        let names = TestNames { _, _ in [Self.own] }
        let through = try TransportStage(names: names) { $0.proxy = address }
        #expect(try await through.send("http://127.0.0.1:\(receiver.port)/a") == .answered(status: 204))
        #expect(proxy.requests.all.map(\.line) == ["POST http://127.0.0.1:\(receiver.port)/a HTTP/1.1"])
        #expect(receiver.requests.all.count == 1)
        // Nobody here can tell where a name leads, so that it has to be TLS, and the proxy is asked for a tunnel.
        #expect(try await through.send("http://bot.example.com/") == .failed(.addressRefused))
        #expect(names.asked.all.isEmpty)
        await direct.transport.close()
        await through.transport.close()
    }
}
