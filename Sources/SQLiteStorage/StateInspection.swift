import Glibc
package import Storage

/// A state directory as somebody looks at it from outside, while a gateway may be using it.
///
/// It changes nothing: not the tables, and not what a crash has left in the WAL.
package struct StateInspection {
    /// What a line of an export has.
    package struct Row: Sendable {
        package let table: String
        /// In the order of the table, without passwords and other secrets, sealed or not.
        package let members: [(name: String, value: StoredValue)]
        /// The event as its readers get it; nil for a record.
        package let event: [UInt8]?
    }

    private let files: StateFiles
    private let connection: SQLiteConnection

    /// Throws `StoreError.refused` for a directory without state, or with one that can't be used.
    package init(directory: String) throws(StoreError) {
        files = StateFiles(directory: directory)
        guard try StateLook.look(files) != .nothing else { throw .refused("\(files.database): there is no state yet") }
        do throws(SQLiteError) {
            connection = try SQLiteConnection(path: files.database, isNew: false, vfs: nil)
            try connection.execute("PRAGMA query_only = ON")
            try Schema.current.check(connection)
        } catch {
            throw .refused("\(files.database) can't be used: \(error.reason)")
        }
    }

    // MARK: - Checking

    /// Reads everything, and says what is there and what is wrong with it.
    package func check() -> StateReport {
        var report = StateReport()
        var sessions: Set<SessionID> = []
        // All of it at one moment, however much is written meanwhile. What is damaged for one step need not be for the next.
        note(in: &report) { _ throws(SQLiteError) in try connection.run("BEGIN") }
        note(in: &report) { report throws(SQLiteError) in try checkStructure(&report) }
        note(in: &report) { report throws(SQLiteError) in sessions = try count(&report) }
        note(in: &report) { report throws(SQLiteError) in try readEvents(&report, sessions) }
        note(in: &report) { _ throws(SQLiteError) in try connection.run("COMMIT") }
        return report
    }

    /// Carries out a step, and notes where it can't be.
    private func note(in report: inout StateReport, _ step: (inout StateReport) throws(SQLiteError) -> Void) {
        do throws(SQLiteError) {
            try step(&report)
        } catch {
            report.note("\(files.database): \(error.reason)")
        }
    }

    private func checkStructure(_ report: inout StateReport) throws(SQLiteError) {
        let page = try connection.number("PRAGMA page_size") ?? 0
        report.bytes = Int(page * (try connection.number("PRAGMA page_count") ?? 0))
        report.freeBytes = Int(page * (try connection.number("PRAGMA freelist_count") ?? 0))
        try connection.rows("PRAGMA integrity_check(\(StateReport.mostPages))") { row in
            // One row may have several lines, of which the first but says which database it is.
            for line in row.text(0).split(separator: "\n") where !line.utf8.starts(with: "***".utf8) {
                if !line.utf8.elementsEqual("ok".utf8) { report.note("\(files.database): \(line)") }
            }
        }
    }

    /// Reads all records; the IDs of the sessions.
    private func count(_ report: inout StateReport) throws(SQLiteError) -> Set<SessionID> {
        var sessions: Set<SessionID> = []
        switch try connection.records(StoredSession.self, of: nil) {
        case .success(let records):
            for record in records {
                sessions.insert(record.id)
                if let sealed = record.sealed { report.sealed[sealed.key.text, default: 0] += 1 }
            }
        case .failure(let error): report.note("\(error)")
        }
        // What is wrong with them is noted with all others.
        if case .success(let webhooks) = try connection.records(StoredWebhook.self, of: nil) {
            for sealed in webhooks.compactMap(\.sealed) { report.sealed[sealed.key.text, default: 0] += 1 }
        }
        for kind in RecordTable.all {
            let (count, fault, strays) = try inspect(kind, sessions)
            report.records.append((kind.table.name, count))
            if let fault { report.note("\(fault)") }
            if strays > 0 { report.note("\(strays) rows of \(kind.table.name) belong to no session") }
        }
        return sessions
    }

    private func inspect<Record: StoredRecord>(
        _ kind: Record.Type, _ sessions: Set<SessionID>
    ) throws(SQLiteError) -> (count: Int, StoreError?, strays: Int) {
        switch try connection.records(kind, of: nil) {
        case .failure(let error): return (0, error, 0)
        case .success(let records):
            guard kind.table.isOfSession else { return (records.count, nil, 0) }
            let strays = records.count { record in
                // An answer may be about no session.
                guard case .text(let id)? = record.values.first, !id.isEmpty else { return false }
                return !sessions.contains(SessionID(id))
            }
            return (records.count, nil, strays)
        }
    }

    private func readEvents(_ report: inout StateReport, _ sessions: Set<SessionID>) throws(SQLiteError) {
        let scan = try JournalScan(connection)
        report.journalBytes = scan.index.bytes
        var damaged = scan.index.damaged
        for place in scan.index.places() {
            if try connection.event(at: place.position, seq: place.seq) == nil { damaged += 1 }
            report.events += 1
        }
        if damaged > 0 { report.note("\(damaged) events can't be read, or are not what was written") }
        if scan.spoiled > 0 { report.note("\(scan.spoiled) rows of the journal say what was not written") }
        let strays = scan.index.sessions.count { !sessions.contains($0) }
        if strays > 0 { report.note("\(strays) journals belong to no session") }
    }

    // MARK: - Copying

    /// Writes a whole and compact copy of one moment into a new file, beside whatever is written meanwhile.
    ///
    /// It outlives the power once this returns. Throws `StoreError`; then there is no such file.
    package func backup(to path: String) throws(StoreError) {
        try StateFiles.create(path)
        do throws(SQLiteError) {
            // The connection writes another file than its own.
            try connection.execute("PRAGMA query_only = OFF")
            defer { try? connection.execute("PRAGMA query_only = ON") }
            try connection.run("VACUUM INTO ?", [.text(path)])
        } catch {
            StateFiles.remove(path)
            throw .refused(
                error.isDamage
                    ? "\(files.database) is damaged and can't be copied whole"
                    : "\(path) can't be written: \(error.reason)")
        }
        guard StateFiles.isOnDisk(path) else {
            let code = errno
            StateFiles.remove(path)
            throw .refused("\(path) can't be written: \(StateFiles.reason(code))")
        }
    }

    /// Hands out all records and then all events, as of one moment, until the body says that nobody wants more.
    ///
    /// Returns how many of them can't be read; throws `StoreError` where nothing more can.
    @discardableResult
    package func export(_ body: (Row) -> Bool) throws(StoreError) -> Int {
        var missed = 0
        do throws(SQLiteError) {
            try connection.run("BEGIN")
            defer { try? connection.run("COMMIT") }
            for kind in RecordTable.all {
                let (table, columns) = (kind.table, kind.table.columns)
                var isWanted = true
                try connection.rows(SQL.select(table)) { row in
                    guard isWanted else { return }
                    guard let values = row.values(columns.count) else {
                        missed += 1
                        return
                    }
                    let members = zip(columns.map(\.name), values).filter { $0.0 != "sealed" }
                    isWanted = body(Row(table: table.name, members: members.map { ($0.0, $0.1) }, event: nil))
                }
                guard isWanted else { return missed }
            }
            let scan = try JournalScan(connection)
            missed += scan.index.damaged
            for place in scan.index.places() {
                guard let event = try connection.event(at: place.position, seq: place.seq) else {
                    missed += 1
                    continue
                }
                let members: [(String, StoredValue)] = [
                    ("session", .text(place.session.text)), ("seq", StoredValue(place.seq)),
                    ("position", StoredValue(place.position)),
                ]
                guard body(Row(table: "event", members: members, event: event.json)) else { return missed }
            }
            return missed
        } catch {
            throw error.asReadError(of: files.database)
        }
    }
}

/// What a state directory holds, and what is wrong with it.
package struct StateReport: Sendable {
    /// Rows of each table.
    package var records: [(table: String, count: Int)] = []
    /// Events that are kept.
    package var events = 0
    /// Bytes of the events' JSON.
    package var journalBytes = 0
    /// Sealed passwords, and secrets of webhooks, by the ID of the key that opens them.
    package var sealed: [String: Int] = [:]
    /// Bytes of the database.
    package var bytes = 0
    /// Bytes of it that are free for what comes.
    package var freeBytes = 0
    /// A line for each; empty where all is well.
    package var faults: [String] { hasMore ? noted + ["there is more"] : noted }
    private var noted: [String] = []
    private var hasMore = false

    /// Faults that are named; of more it is only said that there are more.
    static let mostFaults = 100
    /// Of those, faults of pages: what that means for events and records comes after them.
    static let mostPages = 20

    mutating func note(_ fault: String) {
        if noted.count < Self.mostFaults { noted.append(fault) } else { hasMore = true }
    }
}
