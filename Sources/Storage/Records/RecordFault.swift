/// A row that is not what was written, or not what belongs there: it is never taken as true, and a start refuses its directory.
package struct RecordFault: Equatable, Sendable {
    package let table: String
    /// As far as it can be read, which is as much as can be believed of it.
    package let key: [StoredValue]
    /// Names the place, and nothing of what stands there.
    package let reason: String

    /// Bytes of an ID that is named.
    private static let longest = 64

    package init(_ table: RecordTable, _ values: [StoredValue], _ reason: String) {
        self.table = table.name
        key = Array(values.prefix(table.keys))
        self.reason = reason
    }

    package init(_ record: some StoredRecord, _ reason: String) {
        self.init(type(of: record).table, record.values, reason)
    }

    /// The session that it is of, or is; nil for a table of nobody's sessions.
    package var session: SessionID? {
        guard RecordTable.all.contains(where: { $0.table.isAboutSession && $0.table.name == table }) else { return nil }
        return holder.map { SessionID($0) }
    }

    /// Whose it is, where that can be read: the ID of a session, or of an API key.
    package var holder: String? {
        guard case .text(let text)? = key.first, (1...Self.longest).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return text
    }
}

extension RecordFault: CustomStringConvertible {
    /// In one line.
    package var description: String { "\(reason) (\(table) of \(holder ?? "nobody knows whom"))" }
}

/// What a look at a table found.
package struct RecordRows<Record: StoredRecord>: Sendable {
    /// In no order.
    package var records: [Record] = []
    /// Rows that are left out.
    package var faults: [RecordFault] = []

    package init() {}

    /// Takes in a row; one that is no such record is a fault.
    package mutating func take(_ values: [StoredValue]) {
        do throws(StoreError) {
            records.append(try Record(values))
        } catch {
            leaveOut(values, error.reason)
        }
    }

    /// Takes in a row that is as it was written only if the sum beside it says so.
    package mutating func take(_ values: [StoredValue], sum: StoredValue) {
        guard sum == .integer(RecordSum.of(values, in: Record.table)) else {
            return leaveOut(values, "a row of \(Record.table.name) is not what was written")
        }
        take(values)
    }

    /// Notes a row of which nothing can be believed.
    package mutating func leaveOut(_ values: [StoredValue], _ reason: String) {
        faults.append(RecordFault(Record.table, values, reason))
    }
}
