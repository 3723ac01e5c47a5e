import Logging

/// A line for people: time, level, message, then the metadata as `key=value` in the order of the keys.
///
///     2026-01-31T12:00:00.000Z notice  listening address=127.0.0.1:8080
enum TextLogLine {
    static func encode(_ record: LogRecord) -> [UInt8] {
        let level = record.level.rawValue
        let padding = String(repeating: " ", count: max(0, longestLevel - level.count))
        var line = "\(record.time) \(level)\(padding) \(LogText.escaped(record.message))"
        for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(word(key))=\(text(value))"
        }
        return Array((line + "\n").utf8)
    }

    private static let longestLevel = Logger.Level.allCases.map(\.rawValue.count).max() ?? 0

    private static func text(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let string): word(string)
        case .stringConvertible(let convertible): word(convertible.description)
        case .array(let values): "[" + values.map(text).joined(separator: ",") + "]"
        case .dictionary(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\(word($0.key))=\(text($0.value))" }.joined(separator: ",")
                + "}"
        }
    }

    /// A key or value, in quotation marks where it would run into its neighbours without them.
    private static func word(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                !LogText.isUnsafe($0) && !$0.properties.isWhitespace && !"\"\\=,[]{}".unicodeScalars.contains($0)
            }
        return isPlain ? text : LogText.quoted(text)
    }
}
