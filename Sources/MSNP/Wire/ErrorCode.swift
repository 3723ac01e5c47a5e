/// The three digits of an error (docs/protocol.md#errors).
///
///     S: 911 4
package struct ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// 0 … 999.
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    init?(parsing command: String) {
        guard command.utf8.count == 3, command.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = UInt16(command)
        else { return nil }
        rawValue = value
    }

    package var description: String {
        let digits = String(rawValue)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}

extension ErrorCode: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: UInt16) {
        self.init(rawValue: value)
    }
}
