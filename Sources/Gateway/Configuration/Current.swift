import Locking

/// What the operator may change while the gateway runs: each look shows it as it is at that moment.
final class Current<Value: Sendable>: Sendable {
    private let state: Locked<Value>

    init(_ value: Value) {
        state = Locked(value)
    }

    var value: Value { state.withLock { $0 } }

    func replace(_ value: Value) { state.withLock { $0 = value } }
}
