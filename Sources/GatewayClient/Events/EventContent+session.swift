public import FoundationEssentials

extension EventContent {
    /// `session.state`: the session moved on.
    public struct SessionStateChange: Decodable, Equatable, Sendable {
        public let state: Word<SessionState>
        /// Of `reconnecting` and `ended`; nil otherwise.
        public let reason: Word<SessionReason>?
        /// Of `reconnecting`: when the next attempt begins; nil where that is at once.
        public let retryAt: Date?
    }

    /// `session.updated`: what changed of the session; what is nil did not.
    public struct SessionUpdate: Decodable, Equatable, Sendable {
        /// The account's name.
        public let displayName: String?
        /// Whether the server lets the name be changed.
        public let verified: Bool?
        /// The profile, by the names of the API.
        public let profile: JSONValue?
    }

    /// `presence.initial`: who is there when the session signs in.
    public struct InitialPresence: Decodable, Equatable, Sendable {
        /// At most 500.
        public let contacts: [Somebody]
        /// Whether whoever is not named is offline.
        public let complete: Bool

        /// Somebody, and how they show themselves.
        public struct Somebody: Decodable, Equatable, Sendable {
            public let account: String
            public let displayName: String
            public let status: Word<PresenceStatus>
        }
    }

    /// `presence.changed`: somebody shows themselves otherwise.
    public struct PresenceChange: Decodable, Equatable, Sendable {
        public let account: String
        public let displayName: String
        public let status: Word<PresenceStatus>
        public let previous: Word<PresenceStatus>
    }

    /// `presence.own`: the account shows itself otherwise.
    public struct OwnPresence: Decodable, Equatable, Sendable {
        public let status: Word<PresenceStatus>
        /// Whether nobody asked for it.
        public let forced: Bool
    }

    /// `contact.added`, `contact.updated` and `contact.removed`: somebody, as they are now.
    public struct ContactChange: Decodable, Equatable, Sendable {
        public let contact: Contact
    }

    /// `contact.request`: somebody has added the account and waits for an answer.
    public struct ContactRequest: Decodable, Equatable, Sendable {
        public let account: String
        public let displayName: String
    }
}
