/// What an `IPG` says (docs/protocol.md#incoming-pages).
///
///     S: IPG 444
package enum IncomingPage: Equatable, Sendable {
    /// A page from a mobile device; its handle, where the document has one.
    case message(from: String?, text: String)
    /// A page of ours, sent under that transaction, could not be delivered; the code is the paging service's own.
    case failed(TransactionID, code: UInt32?)

    package init(_ document: NotificationDocument) {
        if document.id == 0 {
            self = .message(from: document.sender, text: document.text)
        } else {
            self = .failed(TransactionID(rawValue: document.id), code: document.messageID)
        }
    }
}
