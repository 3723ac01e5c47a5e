import Locking
import Storage

/// A state directory that was looked at, locked, brought to this version and read through.
struct OpenedState {
    /// The two connections with a database, and what is in it.
    struct Database {
        let writing: SQLiteConnection
        let reading: SQLiteConnection
        let scan: JournalScan
    }

    let lock: StateLock
    /// What to put back where nothing was written.
    let traces: StateTraces
    let database: Database
    /// There was no database before.
    let isNew: Bool
    /// How far the processes have come that used it, and this one comes.
    let mark: StateMark
    /// What was found damaged or lost.
    let faults: [String]
    /// Events that are lost, and numbers that were passed over as those may have had them.
    let losses: (events: Int, numbers: Int)

    /// Throws `StoreError.refused`; then the directory is as it was.
    init(_ options: SQLiteOptions, schema: Schema) throws(StoreError) {
        let files = StateFiles(directory: options.directory)
        // Before anything is written: a directory that can't be used stays as it is.
        try StateLook.checkOwner(files)
        _ = try StateLook.look(files, newest: schema.version)
        lock = try StateLock(files)
        traces = StateTraces(files)
        mark = StateMark(files)
        do throws(StoreError) {
            // Between the look and the lock somebody may have made it.
            isNew = try StateLook.look(files, newest: schema.version) == .nothing
            if isNew {
                try Self.make(files, schema, options)
                mark.clear()
            }
            (database, faults, losses) = try Self.database(files, schema, options, told: mark.position)
        } catch {
            // Its connections are closed by now.
            traces.putBack()
            lock.discard()
            throw error
        }
    }

    /// The database, or another one that is made of what can be read of it, and what was found damaged or lost.
    private static func database(
        _ files: StateFiles, _ schema: Schema, _ options: SQLiteOptions, told: UInt64
    ) throws(StoreError) -> (Database, faults: [String], losses: (events: Int, numbers: Int)) {
        do throws(SQLiteError) {
            var found: Database? = try openMakingRoom(files, schema, options, told)
            var faults = found?.scan.faults ?? []
            let before = found?.scan.lostEvents ?? 0
            if let database = found, database.scan.isTorn || files.isMarkedDamaged {
                if JournalRescue(files, schema, options).makeCopy(of: database) {
                    // Both connections are closed before another file has their file's name.
                    found = nil
                }
                faults.append(
                    found == nil
                        ? "another database was made of what can be read"
                        : "no other database could be made of what can be read, so that this one is used further")
            }
            if let found { return (found, faults, (found.scan.lostEvents, found.scan.passedOver)) }
            try JournalRescue.replace(files)
            let made = try open(files, schema, options, told)
            // How many rows there were nobody knows any more.
            let all = made.scan.lostEvents + made.scan.passedOver
            let lost = min(max(made.scan.lostEvents, before), all)
            return (made, faults + made.scan.faults, (lost, all - lost))
        } catch {
            throw refusal(files, error)
        }
    }

    /// Opens it; on a disk without any room, for which the ballast is given up.
    private static func openMakingRoom(
        _ files: StateFiles, _ schema: Schema, _ options: SQLiteOptions, _ told: UInt64
    ) throws(SQLiteError) -> Database {
        do throws(SQLiteError) {
            return try open(files, schema, options, told)
        } catch {
            var ballast = Ballast(files, bytes: options.ballastBytes)
            guard error.isFull, ballast.give() else { throw error }
            return try open(files, schema, options, told)
        }
    }

    private static func open(
        _ files: StateFiles, _ schema: Schema, _ options: SQLiteOptions, _ told: UInt64
    ) throws(SQLiteError) -> Database {
        let writing = try SQLiteConnection(path: files.database, isNew: false, vfs: options.vfs)
        try prepare(writing, schema, options)
        let reading = try SQLiteConnection(path: files.database, isNew: false, vfs: options.vfs)
        try reading.execute("PRAGMA query_only = ON")
        return Database(writing: writing, reading: reading, scan: try JournalScan(writing, told: told))
    }

    /// Makes the database under another name first, so that there is a whole one or none.
    private static func make(
        _ files: StateFiles, _ schema: Schema, _ options: SQLiteOptions
    ) throws(StoreError) {
        StateFiles.removeDatabase(files.new)
        try StateFiles.create(files.new)
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(path: files.new, isNew: false, vfs: options.vfs)
            try connection.execute("PRAGMA secure_delete = ON")
            try schema.make(in: connection)
        } catch {
            StateFiles.remove(files.new)
            throw refusal(files, error)
        }
        try files.rename(files.new, to: files.database)
    }

    private static func prepare(
        _ connection: SQLiteConnection, _ schema: Schema, _ options: SQLiteOptions
    ) throws(SQLiteError) {
        let version = try schema.version(of: connection)
        // `secure_delete`: what is deleted is overwritten, passwords and texts.
        let sync = options.durability == .power ? "FULL" : "NORMAL"
        try connection.execute("PRAGMA secure_delete = ON; PRAGMA synchronous = \(sync)")
        guard try connection.isWAL() else { throw SQLiteError(code: 0, message: "the disk can't keep a WAL") }
        try connection.execute("PRAGMA journal_size_limit = \(16 << 20)")
        let page = try connection.number("PRAGMA page_size") ?? Schema.pageSize
        // Counted in pages: each time the pages are moved, those that each commit changes are written once more.
        try connection.execute("PRAGMA wal_autocheckpoint = \(max(1, (4 << 20) / max(1, page)))")
        if options.maximumBytes > 0 {
            try connection.execute("PRAGMA max_page_count = \(max(1, Int64(options.maximumBytes) / max(1, page)))")
        }
        try schema.migrate(connection, from: version)
        try schema.check(connection)
    }

    private static func refusal(_ files: StateFiles, _ error: SQLiteError) -> StoreError {
        .refused("\(files.database) can't be used: \(error.code == 0 ? error.message : error.reason)")
    }
}

extension SQLiteConnection {
    /// Turns the write-ahead log on; false where the disk can't keep one.
    fileprivate func isWAL() throws(SQLiteError) -> Bool {
        var mode = ""
        try rows("PRAGMA journal_mode = WAL") { row in mode = row.text(0) }
        return mode.utf8.elementsEqual("wal".utf8)
    }
}

/// Lets those go on who wait for the threads of a store, and gives the directory free when they have ended.
final class StoreEnding: Sendable {
    private struct State: Sendable {
        var threads: Int
        var lock: StateLock?
        /// What to put back at the end; nil once something is written.
        var traces: StateTraces?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Locked<State>

    init(threads: Int, holding lock: StateLock, _ traces: StateTraces?) {
        state = Locked(State(threads: threads, lock: lock, traces: traces))
    }

    /// Something is about to be written: the directory will not be as it was found.
    func willWrite() { state.withLock { $0.traces = nil } }

    func threadEnded() {
        let waiters = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [CheckedContinuation<Void, Never>]() }
            if let traces = state.traces {
                traces.putBack()
                state.lock?.discard()
            }
            state.lock = nil
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.threads > 0 { state.waiters.append(continuation) }
                return state.threads == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
