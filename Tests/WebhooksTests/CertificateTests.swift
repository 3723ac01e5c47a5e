import Foundation
import TestSupport
import Testing

@testable import Webhooks

@Suite(.timeLimit(.minutes(1))) struct CertificateTests {
    /// Whom no receiver here has; for a hundred years, and for tests alone.
    private static let stranger = """
        -----BEGIN CERTIFICATE-----
        MIIBnjCCAUOgAwIBAgIUeg5lAfHPAkrSWjZ+9glDPb3Hzt8wCgYIKoZIzj0EAwIw
        IzEhMB8GA1UEAwwYV2ViaG9va3Mgb3RoZXIgYXV0aG9yaXR5MCAXDTI2MTEyOTE0
        MjYwN1oYDzIxMjYxMTA1MTQyNjA3WjAjMSEwHwYDVQQDDBhXZWJob29rcyBvdGhl
        ciBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARhRM0AwVPDV/gx
        YhtJLdqI357OJ6kM4b0sKMofOLJmS4MfLmWM75eRpdJBX3m/WLjcGlgEPyx1W8v2
        x16MA26Wo1MwUTAdBgNVHQ4EFgQUxGF+N+Un54ExtdyJlcQxbkNW5xgwHwYDVR0j
        BBgwFoAUxGF+N+Un54ExtdyJlcQxbkNW5xgwDwYDVR0TAQH/BAUwAwEB/zAKBggq
        hkjOPQQDAgNJADBGAiEAjslzDKAycA5tVKJ0YyiaBUnnh25WMRjKAHdZxn7PrTMC
        IQDJbOnC/BxAfM7sRTic6IN6gP/5mbJdbwMdbiYSe52xdQ==
        -----END CERTIFICATE-----
        """
    /// What libcrypto calls the file of `TLSReceiver.authority` in a directory: the hash of its subject.
    private static let hash = "c1898aca.0"

    private let names = TestNames { _, _ in [[127, 0, 0, 1]] }

    @Test("The name has to be the certificate's, and somebody who is trusted has to say so")
    func certificates() async throws {
        let receiver = try TLSReceiver()
        let system = try TransportStage(names: names)
        let own = try TransportStage(names: names) {
            $0.authorities = Array("\(Self.stranger)\n\(TLSReceiver.authority)".utf8)
        }
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

    @Test("Authorities of one's own are trusted besides the system's, and take no place of theirs")
    func besides() async throws {
        let receiver = try TLSReceiver()
        let folder = FileManager.default.temporaryDirectory.appending(path: "authorities-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(TLSReceiver.authority.utf8).write(to: folder.appending(path: Self.hash))
        let both = try TransportStage(names: names) {
            $0.systemAuthorities = folder.path
            $0.authorities = Array(Self.stranger.utf8)
        }
        #expect(try await both.send("https://bot.example.com:\(receiver.port)/") == .answered(status: 204))
        await both.transport.close()
        let stranger = try TransportStage(names: names) { $0.authorities = Array(Self.stranger.utf8) }
        #expect(try await stranger.send("https://bot.example.com:\(receiver.port)/") == .failed(.certificateRefused))
        await stranger.transport.close()
    }
}
