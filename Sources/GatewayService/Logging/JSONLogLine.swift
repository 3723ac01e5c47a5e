import Gateway
import Logging

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
