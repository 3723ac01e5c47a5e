/// The types of events (the API's table of events); callers have to survive ones that they don't know.
enum EventType: String, CaseIterable, Sendable, Encodable {
    case sessionState = "session.state"
    case sessionUpdated = "session.updated"
    case presenceChanged = "presence.changed"
    case presenceOwn = "presence.own"
    case contactAdded = "contact.added"
    case contactUpdated = "contact.updated"
    case contactRemoved = "contact.removed"
    case contactRequest = "contact.request"
    case privacyChanged = "privacy.changed"
    case phonesChanged = "phones.changed"
    case serverNotice = "server.notice"
}
