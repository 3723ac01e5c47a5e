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
