import Logging

/// A line for programs: one JSON object (RFC 8259), the metadata as further members in the order of their names.
///
///     {"time":"2026-01-31T12:00:00.000Z","level":"notice","label":"msnp-gateway","message":"listening","port":"80"}
///
/// Written by hand: the order of the members is for people too, and Foundation's encoder leaves U+0085 and U+2028 in
/// strings, at which some readers of lines break them.
enum JSONLogLine {
    static func encode(_ record: LogRecord) -> [UInt8] {
        var line = "{\"time\":\(LogText.quoted(record.time)),\"level\":\(LogText.quoted(record.level.rawValue))"
        line += ",\"label\":\(LogText.quoted(record.label)),\"message\":\(LogText.quoted(record.message))"
        for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
            line += ",\(LogText.quoted(memberName(key))):\(text(value))"
        }
        return Array((line + "}\n").utf8)
    }

    private static let reserved: Set<String> = ["time", "level", "label", "message"]

    /// An object whose names are not unique is read differently by different readers (RFC 8259, 4), so metadata that is
    /// named as one of the line's own members gets another name, whose underscores keep it apart from its neighbours.
    private static func memberName(_ key: String) -> String {
        let stem = key.prefix { $0 != "_" }
        let isTaken = reserved.contains(String(stem)) && key.dropFirst(stem.count).allSatisfy { $0 == "_" }
        return isTaken ? key + "_" : key
    }

    private static func text(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let string): LogText.quoted(string)
        case .stringConvertible(let convertible): LogText.quoted(convertible.description)
        case .array(let values): "[" + values.map(text).joined(separator: ",") + "]"
        case .dictionary(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(LogText.quoted($0.key)):\(text($0.value))" }
                .joined(separator: ",") + "}"
        }
    }
}
