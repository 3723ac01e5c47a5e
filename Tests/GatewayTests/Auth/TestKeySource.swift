import Locking

@testable import Gateway

/// API keys that are kept nowhere, and how often they were asked for.
final class TestKeySource: APIKeySource {
    struct State: Sendable {
        /// Nil for none kept.
        var list: APIKeyList? = APIKeyList()
        var problem: String?
        var changes: Int64 = 0
        var glances = 0
        var readings = 0
    }

    private let state = Locked(State())

    var glances: Int { state.withLock { $0.glances } }
    var readings: Int { state.withLock { $0.readings } }

    func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        try state.withLock { state in
            state.changes += 1
            return try body(&state)
        }
    }

    func stamp() -> APIKeyStamp {
        state.withLock { state in
            state.glances += 1
            return APIKeyStamp([state.changes])
        }
    }

    func read() throws(APIKeySourceError) -> APIKeySnapshot? {
        try state.withLock { state throws(APIKeySourceError) in
            state.readings += 1
            if let problem = state.problem { throw APIKeySourceError(problem) }
            return state.list.map { APIKeySnapshot($0, APIKeyStamp([state.changes])) }
        }
    }
}
