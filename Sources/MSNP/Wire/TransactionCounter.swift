/// Hands out the transaction IDs of one connection: 1, 2, 3 … (docs/protocol.md#transaction-ids).
package struct TransactionCounter: Equatable, Sendable {
    private var last: UInt32 = 0

    package init() {}

    /// The next ID; 0 is left out, also after four thousand million commands.
    package mutating func next() -> TransactionID {
        last = last == .max ? 1 : last + 1
        return TransactionID(rawValue: last)
    }
}
