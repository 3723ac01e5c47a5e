import MSNP
import TestSupport
import Testing

@testable import Webhooks

/// What a proxy does instead of its part, and who is blamed.
@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
    private func stage(_ proxy: Receiver, _ change: (inout CurlOptions) -> Void = { _ in }) throws -> TransportStage {
        try TransportStage { options in
            options.proxy = "http://127.0.0.1:\(proxy.port)"
            change(&options)
        }
    }

    @Test(
        "A tunnel that the proxy refuses is the proxy's failure, with its status",
        arguments: [401, 403, 407, 410, 502, 504])
    func refusedTunnel(status: Int) async throws {
        let proxy = try Receiver { conversation, _ in
            conversation.say(
                "HTTP/1.1 \(status) No\r\nProxy-Authenticate: Basic realm=x\r\nRetry-After: 60\r\nContent-Length: 2\r\n\r\nno"
            )
            return true
        }
        let stage = try stage(proxy)
        let outcome = try await stage.send("https://bot.example.com/hook?token=hidden")
        #expect(outcome == .refusedByProxy(status: status))
        #expect(outcome.label == "proxyFailed")
        #expect(!outcome.isAccepted)
        let requests = proxy.requests.all
        #expect(requests.map(\.line) == ["CONNECT bot.example.com:443 HTTP/1.1"])
        // What is signed goes to nobody but the receiver.
        #expect(requests.allSatisfy { $0.fields["webhook-id"] == nil && $0.fields["webhook-signature"] == nil })
        await stage.transport.close()
    }

    @Test("A proxy that is not there, hangs up, says nothing or no HTTP has failed")
    func noTunnel() async throws {
        let closed = ClosedPort()
        let absent = try TransportStage { $0.proxy = "http://127.0.0.1:\(closed.address.port)" }
        #expect(try await absent.send("https://bot.example.com/") == .failed(.proxyFailed))
        await absent.transport.close()
        let hangsUp = try Receiver { _, _ in false }
        let nonsense = try Receiver { conversation, _ in
            conversation.say("SSH-2.0-OpenSSH_9.2\r\n\r\n")
            return false
        }
        for proxy in [hangsUp, nonsense] {
            let stage = try stage(proxy)
            #expect(try await stage.send("https://bot.example.com/") == .failed(.proxyFailed))
            await stage.transport.close()
        }
        let silent = try Receiver { conversation, _ in
            conversation.waitForEnd()
            return false
        }
        let stage = try stage(silent) { $0.timeout = .milliseconds(100) }
        #expect(try await stage.send("https://bot.example.com/") == .failed(.proxyFailed))
        await stage.transport.close()
    }

    @Test("What becomes of a connection behind the tunnel is no failure of the proxy's")
    func behindTheTunnel() async throws {
        let proxy = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 200 Connection established\r\n\r\n")
            return false
        }
        let stage = try stage(proxy)
        let outcome = try await stage.send("https://bot.example.com/")
        #expect([.failed(.tlsFailed), .failed(.connectionLost)].contains(outcome))
        await stage.transport.close()
    }

    @Test("Without a tunnel the answers are the receiver's, but for the one that only a proxy gives")
    func plain() async throws {
        let proxy = try Receiver { conversation, request in
            let code = request.line.contains("/407") ? 407 : 502
            conversation.say("HTTP/1.1 \(code) No\r\nContent-Length: 0\r\n\r\n")
            return true
        }
        let stage = try stage(proxy)
        #expect(try await stage.send("http://127.0.0.1:9/407") == .refusedByProxy(status: 407))
        #expect(try await stage.send("http://127.0.0.1:9/502") == .answered(status: 502))
        await stage.transport.close()
        // Nobody else asks who its client is.
        let receiver = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
            return true
        }
        let direct = try TransportStage()
        #expect(try await direct.send(to: receiver) == .answered(status: 407))
        await direct.transport.close()
    }

    @Test("A name that a proxy looks up has no listed address")
    func policy() throws {
        let policy = DestinationPolicy(listed: [try #require(AddressRange("10.0.0.0/8"))], isThroughProxy: true)
        for (text, refusal) in [
            ("http://bot.example.com/", .notHTTPSThroughProxy), ("https://bot.example.com/", nil),
            ("https://bot.example.com:25/", .portNotAllowed), ("http://10.0.0.1/", nil), ("https://10.0.0.1:25/", nil),
            ("http://8.8.8.8/", .notHTTPS), ("https://127.0.0.1/", .addressNotAllowed),
        ] as [(String, DestinationPolicy.Refusal?)] {
            #expect(policy.refusal(of: try WebhookURL(text)) == refusal, "\(text)")
        }
    }
}
