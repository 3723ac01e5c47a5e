import MSNP

/// A page that was sent.
struct PageResource: Encodable, Sendable, Equatable {
    /// Names it in `page.failed`; opaque, and the session's own.
    let id: String
    let to: String

    init(_ page: SentPage) {
        id = String(page.id.rawValue)
        to = page.recipient.spelling
    }
}
