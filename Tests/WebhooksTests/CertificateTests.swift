import TestSupport
import Testing

@testable import Webhooks

@Suite(.timeLimit(.minutes(1))) struct CertificateTests {
    @Test("The name has to be the certificate's, and somebody who is trusted has to say so")
    func certificates() async throws {
        let receiver = try TLSReceiver()
        let names = TestNames { _, _ in [[127, 0, 0, 1]] }
        let system = try TransportStage(names: names)
        let own = try TransportStage(names: names) { $0.authorities = receiver.authorities }
        for _ in 0..<2 {
            #expect(try await own.send("https://bot.example.com:\(receiver.port)/") == .answered(status: 204))
        }
        let another = "https://other.example.com:\(receiver.port)/"
        #expect(try await own.send(another) == .failed(.certificateRefused))
        #expect(try await own.send("https://127.0.0.1:\(receiver.port)/") == .failed(.certificateRefused))
        #expect(try await system.send("https://bot.example.com:\(receiver.port)/") == .failed(.certificateRefused))
        await own.transport.close()
        await system.transport.close()
    }
}
