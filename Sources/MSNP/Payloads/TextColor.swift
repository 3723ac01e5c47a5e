import Encodings

/// The colour of a text.
package struct TextColor: Equatable, Sendable, CustomStringConvertible {
    /// From 0 to 255.
    package var red: UInt8
    /// From 0 to 255.
    package var green: UInt8
    /// From 0 to 255.
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rrggbb`, in either case; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count == 7,
            let value = Hexadecimal.number(text.dropFirst(), most: 6)
        else { return nil }
        self.init(
            red: UInt8(truncatingIfNeeded: value >> 16), green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value))
    }

    /// Reads the wire's form: blue, green, red, its leading zeros left out or not (docs/protocol.md#text).
    init?(wire text: some StringProtocol) {
        guard let value = Hexadecimal.number(text, most: 6) else { return nil }
        self.init(
            red: UInt8(truncatingIfNeeded: value), green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value >> 16))
    }

    /// `ff` for red, `ff0000` for blue, `0` for black.
    var wire: String { String(UInt32(blue) << 16 | UInt32(green) << 8 | UInt32(red), radix: 16) }

    /// `#rrggbb`, in lower case.
    package var description: String { "#" + Hexadecimal.encode([red, green, blue]) }
}
