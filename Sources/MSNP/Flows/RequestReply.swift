/// What a request brought.
package enum RequestReply: Equatable, Sendable {
    case presence(Presence)
    case renamed(String)
    case service(ServiceReply)
    /// A list or a setting is as asked; the name under which the server keeps the contact, where it said one.
    case edited(name: String?)
    /// What the server keeps now, which may differ from what was asked for (docs/protocol.md#phones).
    case phone(PhoneProperty, String?)
    /// Where the switchboard is, and what opens it once.
    case transferred(ServerAddress, cookie: Redacted<String>)
    case outreach(OutreachReply)
}
