import ByteText
import MSNP
import MSNPClient
import Storage
import Webhooks

/// A kind of record of which the gateway knows what belongs into its columns.
protocol KeptRecord: StoredRecord {
    /// The column of which that can't be said; nil where all is well.
    var fault: String? { get }
}

/// The first of the columns whose condition does not hold.
private func first(_ columns: (String, Bool)...) -> String? { columns.first { !$0.1 }?.0 }

/// Whether that is how a spelling is looked up.
private func isFolded(_ account: String, _ spelling: String) -> Bool {
    ASCII.equals(Handle.fold(spelling).text, account)
}

extension StoredSession: KeptRecord {
    var fault: String? {
        first(
            ("id", Session.isID(id.text)), ("owner", owner.map { !$0.isEmpty } ?? true), ("backend", !backend.isEmpty),
            ("account", (try? Handle(validating: account)) != nil), ("epoch", Cursor.isEpoch(epoch)),
            ("opened_from", openedFrom == "unknown" || IPAddress(literal: openedFrom) != nil),
            ("reason", reason.map { SessionReason(rawValue: $0) != nil } ?? (state == .live)),
            ("ended_at", (endedAt != nil) == (state == .ended)), ("deleted_at", deletedAt == nil || state == .ended),
            ("wanted_status", Presence.settable[wantedStatus] != nil))
    }
}

extension StoredSettings: KeptRecord {
    var fault: String? {
        first(
            ("privacy", PrivacyMode(rawValue: privacy) != nil), ("add_prompt", AddPrompt(rawValue: addPrompt) != nil),
            ("version", UInt32(exactly: version) != nil),
            ("dialect", dialect.map { Int(exactly: $0).flatMap(Dialect.init) != nil } ?? true))
    }
}

extension StoredContact: KeptRecord {
    var fault: String? {
        let known = ListName.allCases.reduce(Int64(0)) { $0 | Int64(ListMembership($1).rawValue) }
        return first(
            ("account", isFolded(account, spelling)),
            ("lists", lists & ~(known | Self.announced) == 0))
    }
}

extension StoredConversation: KeptRecord {
    var fault: String? { first(("number", number > 0)) }
}

extension StoredParticipant: KeptRecord {
    var fault: String? {
        first(
            ("conversation", conversation > 0),
            ("account", isFolded(account, spelling)))
    }
}

extension StoredMessage: KeptRecord {
    var fault: String? {
        first(
            ("number", number > 0), ("conversation", conversation.map { $0 > 0 } ?? true),
            ("client_ref", clientRef.map { $0.utf8.count <= 4 * MessagingLimits.clientRef } ?? true),
            ("outcome", (try? SentMessage(self)) != nil))
    }
}

extension StoredNumbers: KeptRecord {
    var fault: String? { first(("through", through > 0)) }
}

extension StoredToken: KeptRecord {
    var fault: String? { first(("digest", TokenDigest(bytes: digest) != nil)) }
}

extension StoredCall: KeptRecord {
    /// Bytes of a digest.
    private static let size = 32

    var fault: String? {
        first(
            ("scope", scope.count == Self.size), ("body", body.count == Self.size),
            ("answer", answer.map { KeptAnswer.read($0) != nil } ?? true))
    }
}

extension StoredConsumer: KeptRecord {
    var fault: String? { first(("name", (try? ConsumerName(parsing: name)) != nil)) }
}

extension StoredFeed: KeptRecord {
    var fault: String? { first(("owner", !owner.isEmpty), ("epoch", Cursor.isEpoch(epoch))) }
}

extension StoredFeedConsumer: KeptRecord {
    var fault: String? { first(("name", (try? ConsumerName(parsing: name)) != nil)) }
}

extension StoredWebhook: KeptRecord {
    var fault: String? {
        first(
            ("id", !id.isEmpty), ("owner", !owner.isEmpty), ("url", (try? WebhookURL(url)) != nil),
            ("disabled", disabled.map { WebhookDisabledReason(rawValue: $0) != nil } ?? true))
    }
}

extension StoredDelivery: KeptRecord {
    var fault: String? { first(("webhook", !webhook.isEmpty)) }
}
