import ByteText

/// How much unread mail there is, as far as notifications tell (docs/protocol.md#mail).
package struct MailCounts: Equatable, Sendable {
    /// Unread messages in the inbox.
    package private(set) var inboxUnread: UInt32 = 0
    /// Unread messages in all other folders.
    package private(set) var foldersUnread: UInt32 = 0

    /// The inbox's name among folders.
    package static let inbox = "ACTIVE"

    package init() {}

    private static func isInbox(_ folder: String) -> Bool { ASCII.equals(folder, inbox) }

    /// Applies a notification; no count falls below 0.
    package mutating func apply(_ notification: MailNotification) {
        switch notification {
        case .status(let status):
            inboxUnread = status.inboxUnread
            foldersUnread = status.foldersUnread
        case .received(let mail):
            if mail.folder.map(Self.isInbox) ?? true {
                inboxUnread = Self.sum(inboxUnread, 1)
            } else {
                foldersUnread = Self.sum(foldersUnread, 1)
            }
        case .changed(let change): apply(change)
        }
    }

    /// Mail that stays in its folder was read.
    ///
    /// Mail of other folders is counted only then, because nobody knows which of them the server counts.
    private mutating func apply(_ change: MailChange) {
        switch (Self.isInbox(change.source), Self.isInbox(change.destination)) {
        case (true, _): inboxUnread = Self.difference(inboxUnread, change.count)
        case (false, true): inboxUnread = Self.sum(inboxUnread, change.count)
        case (false, false):
            guard ASCII.equals(change.source, change.destination) else { return }
            foldersUnread = Self.difference(foldersUnread, change.count)
        }
    }

    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private static func difference(_ left: UInt32, _ right: UInt32) -> UInt32 { left > right ? left - right : 0 }
}
