import Glibc
package import Storage

/// A state directory as somebody looks at it from outside, while a gateway may be using it.
///
/// It changes nothing: not the tables, and not what a crash has left in the WAL.
package struct StateInspection: Sendable {
    /// What a line of an export has.
    package struct Row: Sendable {
        package let table: String
        /// In the order of the table, without passwords and other secrets, sealed or not.
        package let members: [(name: String, value: StoredValue)]
        /// The event as its readers get it; nil for a record.
        package let event: [UInt8]?
    }

    let files: StateFiles
    let connection: SQLiteConnection
    /// What says that nobody writes, where nobody could be kept from it; nil where that need not be so.
    private let still: StateStillness?
    /// The position of the last event that was told as written before anything was read; 0 where nobody knows.
    private let told: UInt64

    /// Throws `StoreError.refused` for a directory without state, or with one that can't be used.
    package init(directory: String) throws(StoreError) {
        try self.init(directory: directory, isReadOnly: !StateFiles(directory: directory).canBeWritten)
    }

    /// - Parameter isReadOnly: whether nothing can be written there: it is on a medium for reading, say.
    init(directory: String, isReadOnly: Bool) throws(StoreError) {
        files = StateFiles(directory: directory)
        guard try StateLook.look(files, isOnlyRead: isReadOnly) != .nothing else {
            throw .refused("\(files.database): there is no state yet")
        }
        // First: a gateway that runs has got at least that far in what is read.
        told = StateMark(files).position
        (connection, still) = isReadOnly ? try Self.openReadOnly(files) : (try Self.open(files), nil)
        do throws(SQLiteError) {
            try connection.execute("PRAGMA query_only = ON")
            _ = try Schema.current.version(of: connection)
            try Schema.current.check(connection)
        } catch {
            throw Self.refusal(files, error)
        }
    }

    private static func open(_ files: StateFiles) throws(StoreError) -> SQLiteConnection {
        // Reads the path and keeps nothing.
        let hadLog = unsafe access(files.log, F_OK) == 0
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(path: files.database, isNew: false, vfs: nil)
            if !hadLog { connection.leaveNoLog() }
            return connection
        } catch {
            throw refusal(files, error)
        }
    }

    /// A WAL can be read without writing only where SQLite's index of it is there; without a WAL it has to be sure that nobody writes.
    private static func openReadOnly(_ files: StateFiles) throws(StoreError) -> (SQLiteConnection, StateStillness?) {
        let still = StateStillness(files)
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(
                path: files.database, isNew: false, vfs: nil, for: still.isProven ? .still : .reading)
            _ = try connection.number("PRAGMA user_version")
            return (connection, still.isProven ? still : nil)
        } catch {
            guard !error.isDamage else { throw refusal(files, error) }
            throw .refused("nothing can be written to \(files.directory), \(still.reason)")
        }
    }

    private static func refusal(_ files: StateFiles, _ error: SQLiteError) -> StoreError {
        .refused("\(files.database) can't be used: \(error.code == 0 ? error.message : error.reason)")
    }

    /// Throws where somebody has begun to write although nobody did at first: what was read need not be what was written.
    func checkStillness() throws(StoreError) {
        guard let still, still != StateStillness(files) else { return }
        throw .refused("\(files.directory) was written to while it was read; do it again")
    }

    // MARK: - Checking

    /// What a start reads, as it is at the moment of a check.
    package struct Moment: Sendable {
        package let records: any RecordSource
        /// What each journal has, and where the last event stands.
        package let journals: JournalIndex
    }

    /// Reads everything, and says what is there and what is wrong with it.
    ///
    /// - Parameter reading: takes up the records as a start does, and says what is wrong; throws `StoreError` where they
    ///   can't be read.
    package func check(_ reading: (Moment) async throws(StoreError) -> [RecordFault]) async -> StateReport {
        var report = StateReport()
        let found = begin(&report)
        do throws(StoreError) {
            let moment = Moment(records: self, journals: found.scan?.index ?? JournalIndex())
            for fault in try await reading(moment) { report.note("\(fault)") }
        } catch {
            report.note("\(error)")
        }
        end(&report, found)
        return report
    }

    /// The same by what rows say of themselves alone.
    func check() -> StateReport {
        var report = StateReport()
        let found = begin(&report)
        note(in: &report) { report throws(SQLiteError) in
            for kind in RecordTable.all {
                for fault in try connection.faults(of: kind) { report.note("\(fault)") }
            }
        }
        end(&report, found)
        return report
    }

    /// What a check has found before it reads records.
    private struct Found {
        var sessions: Set<SessionID> = []
        /// Nil where it can't be read.
        var scan: JournalScan?
    }

    private func begin(_ report: inout StateReport) -> Found {
        var found = Found()
        // All of it at one moment, however much is written meanwhile. What is damaged for one step need not be for the next.
        note(in: &report) { _ throws(SQLiteError) in try connection.run("BEGIN") }
        note(in: &report) { report throws(SQLiteError) in try checkStructure(&report) }
        note(in: &report) { report throws(SQLiteError) in found.sessions = try count(&report) }
        note(in: &report) { _ throws(SQLiteError) in found.scan = try JournalScan(connection, told: told) }
        return found
    }

    private func end(_ report: inout StateReport, _ found: Found) {
        note(in: &report) { report throws(SQLiteError) in
            if let scan = found.scan { try readEvents(&report, scan, found.sessions) }
        }
        note(in: &report) { _ throws(SQLiteError) in try connection.run("COMMIT") }
        do throws(StoreError) { try checkStillness() } catch { report.note("\(error)") }
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
        for foreign in try Schema.foreign(in: connection) {
            report.note("\(files.database): \(foreign) is not of this program")
        }
    }

    /// Counts all rows, those that are no records among them; the IDs of the sessions.
    private func count(_ report: inout StateReport) throws(SQLiteError) -> Set<SessionID> {
        let rows = try connection.records(StoredSession.self, of: nil)
        let webhooks = try connection.records(StoredWebhook.self, of: nil)
        for case let sealed? in rows.records.map(\.sealed) + webhooks.records.map(\.sealed) {
            report.sealed[sealed.key.text, default: 0] += 1
        }
        // Whatever else is wrong with it: what is a damaged session's belongs to somebody.
        let sessions = Set(rows.records.map(\.id) + rows.faults.compactMap(\.session))
        for kind in RecordTable.all { try count(kind, sessions, &report) }
        return sessions
    }

    private func count<Record: StoredRecord>(
        _ kind: Record.Type, _ sessions: Set<SessionID>, _ report: inout StateReport
    ) throws(SQLiteError) {
        let (table, rows) = (kind.table, try connection.records(kind, of: nil))
        report.records.append((table.name, rows.records.count + rows.faults.count))
        guard table.isOfSession else { return }
        let strays = rows.records.count { record in
            // An answer may be about no session.
            guard case .text(let id)? = record.values.first, !id.isEmpty else { return false }
            return !sessions.contains(SessionID(id))
        }
        if strays > 0 { report.note("\(strays) rows of \(table.name) belong to no session") }
    }

    private func readEvents(
        _ report: inout StateReport, _ scan: JournalScan, _ sessions: Set<SessionID>
    ) throws(SQLiteError) {
        for fault in scan.faults { report.note("\(files.database): \(fault)") }
        report.journalBytes = scan.index.bytes
        var damaged = scan.lostEvents
        for place in scan.index.places() {
            if try connection.event(at: place) == nil { damaged += 1 }
            report.events += 1
        }
        if damaged > 0 { report.note("\(damaged) events can't be read, or are not what was written") }
        if scan.passedOver > 0 {
            report.note(
                "\(scan.passedOver) numbers of events are passed over, as events that were lost may have had them")
        }
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
        do throws(StoreError) {
            try checkStillness()
        } catch {
            StateFiles.remove(path)
            throw error
        }
    }
}

extension StateInspection: RecordSource {
    package func rows<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> RecordRows<Record> {
        do throws(SQLiteError) {
            return try connection.records(kind, of: session)
        } catch {
            throw error.asReadError(of: files.database)
        }
    }
}
