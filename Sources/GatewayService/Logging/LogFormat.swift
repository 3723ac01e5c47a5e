import Gateway
package import Logging

/// How a line of the log is written.
package enum LogFormat: String, CaseIterable, Sendable {
    /// For people.
    ///
    ///     2026-01-31T12:00:00.000Z notice  listening address=127.0.0.1:8080
    case text
    /// For programs: one JSON object on each line.
    ///
    ///     {"time":"2026-01-31T12:00:00.000Z","level":"notice","label":"msnp-gateway","message":"listening",…}
    case json

    /// The bytes of a record, with the line feed that ends it and no other.
    package func line(_ record: LogRecord) -> [UInt8] {
        switch self {
        case .text: TextLogLine.encode(record)
        case .json: JSONLogLine.encode(record)
        }
    }
}

/// What one line of the log says, before it is written in a format.
package struct LogRecord: Sendable {
    /// RFC 3339 in UTC with milliseconds, as in the API, so that a log and an answer can be laid side by side.
    package var time: String
    package var level: Logger.Level
    package var label: String
    package var message: String
    package var metadata: Logger.Metadata

    package init(
        time: String, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata = [:]
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }

    /// The time of a record that is made now.
    static var now: String { Timestamp(milliseconds: GatewayClock.system.milliseconds()).text }
}

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

/// A line for programs: one JSON object (RFC 8259), the metadata as further members in the order of their names.
///
///     {"time":"2026-01-31T12:00:00.000Z","level":"notice","label":"msnp-gateway","message":"listening","port":"80"}
///
/// The order of the members is for people too, and U+0085 and U+2028, at which some readers of lines break them, are
/// escaped.
enum JSONLogLine {
    static func encode(_ record: LogRecord) -> [UInt8] {
        var json = LogText.writer
        json.object { json in
            json.member("time", record.time)
            json.member("level", record.level.rawValue)
            json.member("label", record.label)
            json.member("message", record.message)
            for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
                json.member(memberName(key), Value(value))
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static let reserved: Set<String> = ["time", "level", "label", "message"]

    /// An object whose names are not unique is read differently by different readers (RFC 8259, 4), so metadata that is
    /// named as one of the line's own members gets another name, whose underscores keep it apart from its neighbours.
    private static func memberName(_ key: String) -> String {
        let stem = key.prefix { $0 != "_" }
        let isTaken = reserved.contains(String(stem)) && key.dropFirst(stem.count).allSatisfy { $0 == "_" }
        return isTaken ? key + "_" : key
    }

    /// Metadata as it stands in a line.
    private struct Value: JSONWritable {
        private let value: Logger.MetadataValue

        init(_ value: Logger.MetadataValue) { self.value = value }

        func write(to json: inout JSONWriter) {
            switch value {
            case .string(let string): json.string(string)
            case .stringConvertible(let convertible): json.string(convertible.description)
            case .array(let values): json.list { json in for value in values { json.item(Value(value)) } }
            case .dictionary(let members):
                json.object { json in
                    for (key, value) in members.sorted(by: { $0.key < $1.key }) { json.member(key, Value(value)) }
                }
            }
        }
    }
}
