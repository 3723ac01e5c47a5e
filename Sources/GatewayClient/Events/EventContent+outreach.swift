extension EventContent {
    /// `mail.received`: there is new mail.
    public struct ReceivedMail: Decodable, Equatable, Sendable {
        /// Unread in the inbox.
        public let inboxUnread: Int
        /// Unread in other folders.
        public let foldersUnread: Int
        /// The sender's address; nil where the server did not say.
        public let from: String?
        /// The sender's name; nil where the server did not say.
        public let displayName: String?
        /// Nil where the server did not say.
        public let subject: String?
        /// `ACTIVE` is the inbox; nil where the server did not say.
        public let folder: String?
    }

    /// `mail.changed`: mail was moved or removed.
    public struct MovedMail: Decodable, Equatable, Sendable {
        /// Unread in the inbox.
        public let inboxUnread: Int
        /// Unread in other folders.
        public let foldersUnread: Int
        public let sourceFolder: String
        public let destinationFolder: String
        /// How many messages.
        public let count: Int
    }

    /// `page.received`: a page came in from a mobile device.
    public struct ReceivedPage: Decodable, Equatable, Sendable {
        /// The account of its owner; nil where the server names none.
        public let from: String?
        public let text: String
    }

    /// `page.failed`: a page did not reach its device.
    public struct FailedPage: Decodable, Equatable, Sendable {
        /// As the call was answered that sent it.
        public let pageId: String
        public let to: String
        /// The paging service's own number; nil where there is none.
        public let code: Int?
        /// What the MSN server answered; nil where it is not the matter.
        public let msnp: Problem.ServerError?
    }

    /// `alert.received`: something that the account has subscribed to.
    public struct Alert: Decodable, Equatable, Sendable {
        /// An alert with the number of an earlier one replaces it.
        public let id: Int
        public let text: String
        /// A Windows language; nil where the server did not say.
        public let language: Int?
        /// Whose alert it is; nil where the server did not say.
        public let siteId: Int?
        /// What it is about; nil without one that can be opened.
        public let actionUrl: String?
        /// Where the subscription is changed; nil without one that can be opened.
        public let subscriptionUrl: String?
        /// Nil without one that can be opened.
        public let iconUrl: String?
    }

    /// `server.notice`: the server says something about itself.
    public struct ServerNotice: Decodable, Equatable, Sendable {
        /// `maintenance`, or another word.
        public let kind: String
        /// Until the maintenance begins; nil where the server did not say.
        public let minutes: Int?
    }
}
