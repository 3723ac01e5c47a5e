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
