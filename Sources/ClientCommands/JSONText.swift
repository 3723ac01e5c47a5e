import FoundationEssentials
import GatewayClient

/// JSON as people read it.
package enum JSONText {
    /// A JSON text over several lines, members in alphabetical order; nil for what is none.
    package static func indented(_ bytes: [UInt8]) -> String? {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        guard let data = try? encoder.encode(value) else { return nil }
        return TerminalText.visible(String(decoding: data, as: UTF8.self), keepsLines: true)
    }
}
