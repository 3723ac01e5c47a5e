/// All that a session knows, at one instant; what comes after `cursor` is not in it.
public struct Snapshot: Decodable, Equatable, Sendable {
    public let cursor: Cursor
    public let session: SessionInfo
    /// Everybody on any of the lists, by account.
    public let contacts: [Contact]
    public let privacy: Privacy
    /// Nil in dialects that have none.
    public let phones: Phones?
    /// Nil until the server has told.
    public let mail: MailCounts?
    /// The open ones, the last active first.
    public let conversations: [Conversation]
}

/// How much mail is unread.
public struct MailCounts: Codable, Equatable, Sendable {
    /// Messages in the inbox.
    public let inboxUnread: Int
    /// Messages in other folders.
    public let foldersUnread: Int
}
