/// What a server said of somebody's presence: `ILN`.
package struct PresenceFact: Sendable {
    package let presence: Presence
    package let handle: String
    package let name: String

    package init(presence: Presence, handle: String, name: String) {
        self.presence = presence
        self.handle = handle
        self.name = name
    }
}
