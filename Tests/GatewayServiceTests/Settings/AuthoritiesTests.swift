import Digests
import Foundation
import Gateway
import TestSupport
import Testing

@testable import GatewayService

/// Which files say whom to trust.
@Suite struct AuthoritiesTests {
    private static let certificate = TLSReceiver.authority + "\n"
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5cDNroiJyXpCJdvC
        hxKGwpBRRpeQYIkFY/DoPwR2pRChRANCAAQ+Ive8Zd3qmpwjuYKjo0RGUeKFcBGY
        GSUEUQu7yxv7ui8CsvyyKDnZGC2mnJSKw+QiP7ea+HtfZZfbugrm5FVe
        -----END PRIVATE KEY-----

        """
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test("A flag, the file and the environment name it, and its certificates are what webhooks trust")
    func named() throws {
        let text = "Ours:\n" + Self.certificate + Self.certificate
        let path = try scratch.write("authorities.pem", text)
        for settings in [
            try ServeSettings(
                flags: flags { $0.webhookAuthorities = path }, environment: [:]),
            try ServeSettings(
                flags: flags { _ in }, environment: ["MSNP_GATEWAY_WEBHOOKS_AUTHORITIES": path]),
        ] {
            #expect(settings.gateway.webhooks.authorities == Array(text.utf8))
        }
        #expect(try ServeSettings(flags: flags { _ in }, environment: [:]).gateway.webhooks.authorities.isEmpty)
        #expect(try CertificateList(pem: Array(text.utf8)).count == 2)
    }

    private func flags(_ change: (inout ServeFlags) -> Void) -> ServeFlags {
        var flags = ServeFlags()
        flags.sandbox = .alone
        change(&flags)
        return flags
    }

    @Test("What has no certificates, or more than these, is refused with the file's name and nothing of what is in it")
    func refused() throws {
        let cut = String(Self.certificate.dropLast(40))
        let damaged = Self.certificate.replacing("MIIBeDCC", with: "AAAAAAAA")
        for (text, words) in [
            ("", "no certificate"), ("nothing", "no certificate"), (Self.key, "something else"),
            (Self.certificate + Self.key, "something else"), (cut, "can't be read"),
            (Self.certificate + damaged, "certificate 2 can't be read"),
            (String(repeating: "x", count: AuthoritiesFile.longest + 1), "more than"),
        ] {
            let path = try scratch.write("authorities.pem", text)
            let error = try #require(throws: SettingsError.self) { _ = try AuthoritiesFile.read(path) }
            #expect("\(error)".contains("authorities.pem"))
            #expect("\(error)".contains(words), "\(error)")
            #expect(!"\(error)".contains("MIG"))
            #expect(error.exitCode == 78)
        }
        for path in [scratch.path, scratch.path + "/missing"] {
            #expect(throws: SettingsError.self) { _ = try AuthoritiesFile.read(path) }
        }
    }
}
