import ByteText

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
        guard !token.isEmpty else { return nil }
        // Read in one go, as a list line has four of them.
        var value: UInt32 = 0
        for byte in token.utf8 {
            let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            guard !isTooMuch, ASCII.isDigit(byte) else { return nil }
            let (next, isTooLarge) = tens.addingReportingOverflow(UInt32(byte & 0x0F))
            guard !isTooLarge else { return nil }
            value = next
        }
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
