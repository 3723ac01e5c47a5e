import ByteText
import Storage

/// Which events a webhook gets: types, and whose.
struct WebhookSelection: Sendable {
    /// As it is kept, and as callers wrote it: names and wildcards, with commas between them; nil for all.
    let types: String?
    /// IDs with commas between them; nil for all of the key.
    let sessions: String?
    let filter: TypeFilter
    let coverage: FeedCoverage

    /// Takes a list for what it says; types that no event has any more are passed over.
    init(types: String?, sessions: String?) {
        self.types = types
        self.sessions = sessions
        filter = types.map { TypeFilter(kept: $0) } ?? .everything
        coverage = sessions.map { .sessions(Set(Self.items(of: $0).map(SessionID.init))) } ?? .all
    }

    /// The parts of a list.
    static func items(of list: String) -> [String] {
        list.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
    }
}
