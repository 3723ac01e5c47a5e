import MSNP

extension EventData {
    /// Of `mail.status`, and `mail` of the snapshot.
    struct MailCounts: Encodable, Sendable, Equatable {
        let inboxUnread: UInt32
        let foldersUnread: UInt32

        init(_ counts: MSNP.MailCounts) {
            inboxUnread = counts.inboxUnread
            foldersUnread = counts.foldersUnread
        }
    }

    /// Of `mail.received`: sender and subject decoded, and the counts with it.
    struct MailReceived: Encodable, Sendable {
        /// The sender's address.
        let from: String?
        let displayName: String?
        let subject: String?
        let folder: String?
        let inboxUnread: UInt32
        let foldersUnread: UInt32

        init(_ mail: NewMail, _ counts: MSNP.MailCounts, from: String?) {
            self.from = from
            displayName = mail.senderName
            subject = mail.subject
            folder = mail.folder
            inboxUnread = counts.inboxUnread
            foldersUnread = counts.foldersUnread
        }
    }

    /// Of `mail.changed`: moved, deleted or, within one folder, read.
    struct MailChanged: Encodable, Sendable {
        let sourceFolder: String
        let destinationFolder: String
        let count: UInt32
        let inboxUnread: UInt32
        let foldersUnread: UInt32

        init(_ change: MailChange, _ counts: MSNP.MailCounts) {
            sourceFolder = change.source
            destinationFolder = change.destination
            count = change.count
            inboxUnread = counts.inboxUnread
            foldersUnread = counts.foldersUnread
        }
    }

    /// Of `alert.received`; one with the `id` of an earlier alert replaces it.
    struct AlertReceived: Encodable, Sendable {
        let id: UInt32
        let text: String
        let language: UInt32?
        let siteId: UInt32?
        let actionUrl: String?
        let subscriptionUrl: String?
        let iconUrl: String?

        init(_ alert: NotificationDocument) {
            id = alert.id
            text = alert.text
            language = alert.language
            siteId = alert.siteID.flatMap { UInt32($0) }
            actionUrl = alert.actionURL
            subscriptionUrl = alert.subscriptionURL
            iconUrl = alert.iconURL
        }
    }

    /// Of `page.received`; no `from` for a device whose owner the server does not name.
    struct PageReceived: Encodable, Sendable {
        let from: String?
        let text: String
    }

    /// Of `page.failed`: `code` is the paging service's own, `msnp` the server's error.
    struct PageFailed: Encodable, Sendable {
        let pageId: String
        let to: String
        let code: UInt32?
        let msnp: Problem.MSNPError?

        init(_ page: SentPage, _ failure: PageFailure) {
            let resource = PageResource(page)
            pageId = resource.id
            to = resource.to
            switch failure {
            case .refused(let error):
                code = nil
                msnp = Problem.MSNPError(error, command: "PAG")
            case .undelivered(let code):
                self.code = code
                msnp = nil
            }
        }
    }
}
