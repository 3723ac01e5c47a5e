import MSNP

/// A page that was sent.
struct PageResource: JSONObject, Sendable, Equatable {
    /// Names it in `page.failed`; opaque, and the session's own.
    let id: String
    let to: String

    init(_ page: SentPage) {
        id = String(page.id.rawValue)
        to = page.recipient.spelling
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("to", to)
    }
}
