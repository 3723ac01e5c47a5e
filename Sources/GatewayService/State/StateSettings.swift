package import SQLiteStorage
package import Storage

/// What of sessions outlives the process, and how.
package struct StateSettings: Sendable {
    /// Where it is kept.
    package enum Kind: String, CaseIterable, Sendable {
        /// Nowhere: sessions end with the process.
        case memory
        /// In the state directory.
        case sqlite

        /// What is taken where nobody says.
        package static let usual = sqlite
    }

    package var directory: String
    package var durability = SQLiteOptions.Durability.process
    /// The least that a database can be bounded by.
    ///
    /// That is what a few sessions may keep of events, messages and lists, with what is deleted and not free yet. With less
    /// the state would be full before anybody has said much.
    static let smallest = 16 << 20
    /// More bytes than any disk has.
    static let largest = 1 << 50
    static let sizes = smallest...largest

    /// Bytes that the database may have; 0 for as many as the disk has.
    package var maximumBytes = 0
    /// What passwords are sealed with; without them sessions don't come back by themselves.
    package var keys: SealingKeys?
}
