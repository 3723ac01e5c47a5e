/// What a request brought.
package enum RequestReply: Equatable, Sendable {
    case presence(Presence)
    case renamed(String)
    case service(ServiceReply)
}
