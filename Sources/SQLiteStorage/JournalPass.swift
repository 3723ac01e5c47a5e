import CSQLite
import Storage

/// What a start reads of a row of the journal.
struct JournalRow {
    let position: UInt64
    let session: Int64
    let seq: UInt64
    let second: UInt32
    /// Bytes of the event.
    let size: Int
    let sum: Int64

    init(_ row: SQLiteStatement) {
        (position, session) = (UInt64(bitPattern: row.integer(0)), row.integer(1))
        (seq, second) = (UInt64(bitPattern: row.integer(2)), UInt32(clamping: row.integer(3)))
        (size, sum) = (Int(row.integer(4)), row.integer(5))
    }

    /// Whether its numbers are those that were written.
    var isPlace: Bool { RowSum(at: position, session, seq, second).isPlace(of: sum) }
}

/// One pass over the rows of the journal, which goes on behind damaged pages.
struct JournalPass {
    /// The highest position that lay on a damaged page, and how many did in all, at most; nil where no page is damaged.
    private(set) var lost: (highest: UInt64, count: UInt64)?
    /// Whether rows came that belong before others; then not all were handed out.
    private(set) var isDisordered = false

    /// A page that is another's has any rows, or leads back to where the pass comes from, and the library sees no order.
    private static let disorder = SQLiteError(code: SQLITE_ABORT, message: "rows in disorder")
    /// Rows that may come once more before it is sure that they lead nowhere.
    private static let manyRepeats = 10_000

    /// Hands out each row that can be read, until one comes that belongs before another.
    init(_ connection: SQLiteConnection, _ each: (JournalRow) throws(SQLiteError) -> Void) throws(SQLiteError) {
        var after = Int64(0)
        while true {
            do throws(SQLiteError) {
                try connection.rows(SQL.scan, [.integer(after)]) { row throws(SQLiteError) in
                    guard row.integer(0) > after else { throw Self.disorder }
                    after = row.integer(0)
                    try each(JournalRow(row))
                }
                return
            } catch {
                isDisordered = error == Self.disorder
                guard !isDisordered else { return }
                guard error.isDamage else { throw error }
                guard let next = try Self.firstReadable(after, connection) else {
                    // Nobody knows how many there were.
                    lost = (.max, .max)
                    return
                }
                lost = (UInt64(next), (lost?.count ?? 0) &+ UInt64(next - after))
                after = next
            }
        }
    }

    /// All rows that can be read of a journal in disorder, each once and in the order of their positions.
    static func sorted(_ connection: SQLiteConnection) throws(SQLiteError) -> [JournalRow] {
        var (rows, after, isDone) = ([UInt64: JournalRow](), Int64(0), false)
        while !isDone {
            var (highest, repeats) = (after, 0)
            do throws(SQLiteError) {
                try connection.rows(SQL.scan, [.integer(after)]) { row throws(SQLiteError) in
                    let row = JournalRow(row)
                    guard row.position > 0, row.position <= UInt64(Int64.max) else { return }
                    highest = max(highest, Int64(row.position))
                    if rows[row.position]?.isPlace != true { rows[row.position] = row } else { repeats += 1 }
                    if repeats > Self.manyRepeats + rows.count { throw Self.disorder }
                }
                isDone = true
            } catch {
                guard error == Self.disorder || error.isDamage else { throw error }
                let next = error.isDamage ? try firstReadable(highest, connection) : highest
                isDone = next.map { $0 <= after } ?? true
                after = next ?? after
            }
        }
        return rows.values.sorted { $0.position < $1.position }
    }

    /// The lowest number behind which rows can be read again; nil where there is none.
    private static func firstReadable(_ after: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> Int64? {
        func isReadable(_ position: Int64) throws(SQLiteError) -> Bool {
            do throws(SQLiteError) {
                _ = try connection.number(SQL.next, [.integer(position)])
                return true
            } catch {
                guard error.isDamage else { throw error }
                return false
            }
        }
        guard after < Int64.max / 4 else { return nil }
        // Twice as far each time, and then back by halves: pages hold rows that follow each other.
        var (low, step) = (after, Int64(1))
        while try !isReadable(after + step) {
            low = after + step
            guard step < Int64.max / 4 else { return nil }
            step *= 2
        }
        var high = after + step
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try isReadable(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
