import MSNP

/// The `data` of each event type.
enum EventData {
    /// Of `session.state`.
    struct State: Encodable, Sendable {
        let state: String
        let reason: SessionReason?
        let retryAt: Timestamp?
    }

    /// `session.updated`: what changed, or was learned together.
    struct Updated: Encodable, Sendable {
        var displayName: String?
        var verified: Bool?
        var profile: ProfileResource?
    }

    /// Of `presence.changed`.
    struct PresenceChanged: Encodable, Sendable {
        let account: String
        let displayName: String
        let status: String
        let previous: String
    }

    /// Of `presence.own`.
    struct PresenceOwn: Encodable, Sendable {
        let status: String
        let forced: Bool
    }

    /// Of `contact.added`, `contact.updated` and `contact.removed`.
    struct ContactChange: Encodable, Sendable {
        let contact: ContactResource
    }

    /// Of `contact.request`.
    struct ContactRequest: Encodable, Sendable {
        let account: String
        let displayName: String
    }

    /// Of `privacy.changed`, and the resource itself.
    struct Privacy: Encodable, Sendable {
        let unknownContacts: String
        let promptOnAdd: Bool

        init(_ roster: Roster) {
            unknownContacts = roster.privacy == .allow ? "allow" : "block"
            promptOnAdd = roster.addPrompt == .ask
        }
    }

    /// Of `server.notice`.
    struct Notice: Encodable, Sendable {
        let kind: String
        let minutes: Int?
    }
}
