/// The number that links an answer to its command, on one connection (docs/protocol.md#transaction-ids).
package struct TransactionID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The number of a server's commands that answer none of ours.
    package static let unsolicited = TransactionID(rawValue: 0)

    /// Parses decimal digits; nil for anything else, a sign included.
    init?(parsing token: String) {
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = UInt32(token)
        else { return nil }
        rawValue = value
    }

    package var description: String { String(rawValue) }
}

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
