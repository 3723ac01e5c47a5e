import Foundation
import TestSupport
import Testing

@testable import GatewayClient

@Suite(.timeLimit(.minutes(2))) struct CertificateTests {
    /// Of 127.0.0.1 and localhost, signed by itself; for a hundred years, and for tests alone.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBezCCASGgAwIBAgIBATAKBggqhkjOPQQDAjAeMRwwGgYDVQQDDBNHYXRld2F5
        Q2xpZW50IHRlc3RzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAe
        MRwwGgYDVQQDDBNHYXRld2F5Q2xpZW50IHRlc3RzMFkwEwYHKoZIzj0CAQYIKoZI
        zj0DAQcDQgAEF7nihdAdg3gQ/3KMjgTL+ZJlFOd4m+V12dhjveVpGMQ6zs4i42CS
        u5IKP2oqOgO4BJmofZjcjOY262YlZpMyOqNOMEwwDwYDVR0TAQH/BAUwAwEB/zAa
        BgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwHQYDVR0OBBYEFA9PljEgQKhGQt8T
        HjmHmxrisXEdMAoGCCqGSM49BAMCA0gAMEUCIBWQi3THA4gHO3GYdCfY7JEM0o73
        YamIz1B+rJG6GV99AiEA2ilzS5NSwWtKgQaxkbM7j62fJCIfh3WwpzUiMXqp4f8=
        -----END CERTIFICATE-----
        """
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyCs/sjNZ1meKExgw
        UiqHoepNboZuh9lDLA55s0Kv9O2hRANCAAQXueKF0B2DeBD/coyOBMv5kmUU53ib
        5XXZ2GO95WkYxDrOziLjYJK7kgo/aio6A7gEmah9mNyM5jbrZiVmkzI6
        -----END PRIVATE KEY-----
        """

    /// What libcrypto calls the file of that certificate in a directory: the hash of its subject.
    private static let hash = "cc7d36b0.0"

    @Test("Who is named takes the place of the system's authorities, and does not stand beside them")
    func instead() async throws {
        let server = try TLSReceiver(
            certificate: Self.key + "\n" + Self.certificate + "\n", authority: Self.certificate,
            body: #"{"name":"x","version":"1","backends":["b"],"defaultBackend":"b","signIn":"key"}"#)
        let folder = FileManager.default.temporaryDirectory.appending(path: "authorities-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.certificate.utf8).write(to: folder.appending(path: Self.hash))
        let address = try GatewayAddress("https://127.0.0.1:\(server.port)")
        var options = ClientOptions()
        options.systemAuthorities = folder.path
        #expect(try await RemoteGateway(address, options: options).entry().name == "x")
        // Somebody else, for somebody else.
        let stranger = folder.appending(path: "stranger.pem")
        try Data(TLSReceiver.authority.utf8).write(to: stranger)
        options.authorities = stranger.path
        await #expect(throws: GatewayError.notTrusted("its certificate is not valid")) {
            try await RemoteGateway(address, options: options).entry()
        }
    }

    @Test("A gateway is spoken to where somebody who is trusted vouches for it, and told nothing otherwise")
    func certificates() async throws {
        let server = try TLSReceiver(
            certificate: Self.key + "\n" + Self.certificate + "\n", authority: Self.certificate,
            body: #"{"name":"x","version":"1","backends":["b"],"defaultBackend":"b","signIn":"key"}"#)
        let address = try GatewayAddress("https://127.0.0.1:\(server.port)")
        var options = ClientOptions()
        options.authorities = server.authorities
        #expect(try await RemoteGateway(address, options: options).entry().name == "x")
        await #expect(throws: GatewayError.notTrusted("its certificate is not valid")) {
            try await RemoteGateway(address).entry()
        }
        // Somebody vouches for it, under another name than the one that was asked for.
        let other = try TLSReceiver(body: "{}")
        options.authorities = other.authorities
        await #expect(throws: GatewayError.notTrusted("its certificate is not valid")) {
            try await RemoteGateway(GatewayAddress("https://127.0.0.1:\(other.port)"), options: options).entry()
        }
        options.authorities = "/nowhere"
        await #expect(throws: GatewayError.notTrusted("the file of authorities can't be read")) {
            try await RemoteGateway(address, options: options).entry()
        }
    }
}
