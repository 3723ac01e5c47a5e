/// What an `OutreachRequest` brought.
package enum OutreachReply: Equatable, Sendable {
    /// The people found; perhaps none.
    case people([DirectoryEntry])
    /// The directory has more than is kept.
    case tooManyPeople
    /// The server sends the mail.
    case invited
    /// The server has not refused the page; a failure may still follow, as `SessionEvent.pageFailed` under this number.
    case paged(RequestID)
    /// The server took the page and told at once that it did not arrive; the code is the paging service's own.
    case undelivered(code: UInt32?)
}
