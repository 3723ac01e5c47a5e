import Encodings
import Gateway
package import SQLiteStorage
package import Storage

/// What `msnp-gateway state` does, beside a gateway that runs with the directory or without one.
package struct StateAdministration: Sendable {
    private let directory: String

    /// Finds the state directory as `serve` does; throws `SettingsError` when there is none.
    package init(state: String?, environment: [String: String]) throws(SettingsError) {
        directory = try StateDirectory.path(state, environment, keeps: "its state")
        try StateDirectory.find(directory, for: .administrator)
    }

    /// Reads everything; throws `StoreError` where there is nothing to read.
    package func check() throws(StoreError) -> StateReport {
        try StateInspection(directory: directory).check()
    }

    /// Writes a copy of one moment into a file that is not there yet; throws `StoreError`.
    package func backup(to file: String) throws(StoreError) {
        try StateInspection(directory: directory).backup(to: file)
    }

    /// Hands out a line of JSON for each record and each event, until the body says that nobody wants more.
    ///
    /// Returns how many of them can't be read; throws `StoreError` where nothing more can.
    package func export(_ body: ([UInt8]) -> Bool) throws(StoreError) -> Int {
        try StateInspection(directory: directory).export { row in body(Self.line(row)) }
    }

    /// A line for a file of keys, without its end.
    package static func makeKey() -> String {
        String(decoding: SealingKeys.makeLine().dropLast(), as: UTF8.self)
    }

    private static func line(_ row: StateInspection.Row) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("table", row.table)
            for (name, value) in row.members {
                switch value {
                case .null: break
                case .integer(let number): json.member(name, Int(number))
                case .text(let text): json.member(name, text)
                case .bytes(let bytes): json.member(name, Hexadecimal.encode(bytes))
                }
            }
            // It is JSON already.
            if let event = row.event { json.member("event") { $0.literal(String(decoding: event, as: UTF8.self)) } }
        }
        return json.bytes
    }
}

extension StateReport {
    /// Whether nothing is wrong.
    package var isSound: Bool { faults.isEmpty }

    /// For people: what is there, and then what is wrong, a line for each.
    package var lines: [String] {
        let records = records.filter { $0.count > 0 }.map { "\($0.count) of \($0.table)" }
        var lines = [
            "\(events) events, \(journalBytes) bytes of them",
            "records: \(records.isEmpty ? "none" : records.joined(separator: ", "))",
            "\(bytes) bytes in the file, \(freeBytes) of them free",
        ]
        for (key, count) in sealed.sorted(by: { $0.key < $1.key }) {
            lines.append("\(count) secrets sealed with the key \(key)")
        }
        return lines + faults.map { "wrong: \($0)" }
    }
}
