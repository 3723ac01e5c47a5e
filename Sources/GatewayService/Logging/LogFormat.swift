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
