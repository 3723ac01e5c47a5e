/// A page that was sent.
package struct SentPage: Equatable, Sendable {
    /// The number of the request that sent it.
    package let id: RequestID
    package let recipient: Handle

    package init(id: RequestID, recipient: Handle) {
        self.id = id
        self.recipient = recipient
    }
}
