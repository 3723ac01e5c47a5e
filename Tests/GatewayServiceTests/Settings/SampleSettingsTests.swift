import Foundation
import Gateway
import GatewayService
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

/// The sample of a settings file, against what can be set and against the reader.
@Suite struct SampleSettingsTests {
    /// The settings that are commented out, key and value.
    private static func entries() throws -> [(key: String, value: String)] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let sample = try String(contentsOf: root.appending(path: "packaging/gateway.yaml"), encoding: .utf8)
        // Nothing but comments: whoever copies it has what they had without it.
        try #require(sample.split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
        return sample.matches(of: /(?m)^#([a-zA-Z.]+): (.+)$/).map { (String($0.1), String($0.2)) }
    }

    @Test("It has every key, once and in the order of the catalogue")
    func keys() throws {
        let backend = BackendSetting.allCases.map { "backend.home.\($0.rawValue)" }
        let all = Setting.all.map(\.key)
        let (limits, others) = (all.filter { $0.hasPrefix("limits.") }, all.filter { !$0.hasPrefix("limits.") })
        #expect(try Self.entries().map(\.key) == others + backend + limits)
    }

    @Test("With all of them taken in it is read without a complaint, and limits are as they are anyway")
    func values() throws {
        let scratch = try ScratchDirectory()
        let key = try scratch.write("state.key", String(decoding: SealingKeys.makeLine(), as: UTF8.self))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        let authorities = try scratch.write("authorities.pem", TLSReceiver.authority)
        let paths = [
            "stateKey": key, "webDirectory": scratch.path, "stateDirectory": scratch.path,
            "webhooks.authorities": authorities,
        ]
        let text = try Self.entries().map { "\($0.key): \(paths[$0.key] ?? $0.value)" }.joined(separator: "\n")
        let read = try settings(file: text + "\n")
        #expect(read.gateway.backends.map(\.name) == ["home"])
        #expect("\(read.gateway.limits)" == "\(GatewayLimits())")
        #expect("\(read.listen)" == "127.0.0.1:8080")
        // What stands there for a backend is what one has without it, where it has a default.
        let without = try settings(file: "backends: [home=messenger.example.net:1863]")
        let plain = try #require(without.gateway.backends.first)
        let sample = try #require(read.gateway.backends.first)
        #expect(sample.dialects == plain.dialects && sample.keepalive == plain.keepalive)
        #expect(sample.connectTimeout == plain.connectTimeout)
        #expect(sample.timeouts.signInStep == plain.timeouts.signInStep)
        #expect(sample.timeouts.request == plain.timeouts.request)
        #expect(sample.signInsInFlight == plain.signInsInFlight && sample.signInsPerSecond == plain.signInsPerSecond)
    }
}
