/// A session as the API shows it.
struct SessionResource: Encodable, Sendable, Equatable {
    var id: String
    var account: String
    var displayName: String
    /// Absent when the server did not say.
    var verified: Bool?
    var state: String
    var reason: SessionReason?
    var retryAt: Timestamp?
    var status: String
    var backend: String
    /// Absent until it is agreed on.
    var `protocol`: String?
    var createdAt: Timestamp
    /// Absent until something was received.
    var lastReceivedAt: Timestamp?
    var cursor: String
}
