import TestSupport
import Testing

@testable import Gateway

/// A store of API keys whose operator is the test.
final class TestKeys: Sendable {
    let source = TestKeySource()
    let clock = TestClock()
    let log = LogRecorder()
    let store: APIKeyStore

    /// With an hour between looks, all of them are the test's own.
    init(interval: Duration = .seconds(3600)) throws {
        store = try APIKeyStore(source, logger: log.logger, clock: clock.clock, interval: interval)
    }

    /// Makes a key; `look` is false where the gateway is to find it by itself.
    func add(
        _ name: String, _ scopes: Set<APIKeyScope> = [], pace: SendingPace = SendingPace(), look: Bool = true
    ) throws -> String {
        let name = try #require(APIKeyName(name))
        let key = try source.change { state in
            var list = state.list ?? APIKeyList()
            defer { state.list = list }
            return try list.add(name, scopes, pace)
        }
        if look { store.look() }
        return key.text
    }

    func change(_ name: String, _ pace: (SendingPace) -> SendingPace) throws {
        let name = try #require(APIKeyName(name))
        try source.change { try $0.list?.change(name, pace) }
        store.look()
    }

    func revoke(_ name: String, look: Bool = true) throws {
        let name = try #require(APIKeyName(name))
        try source.change { try $0.list?.revoke(name) }
        if look { store.look() }
    }
}
