/// A conversation as the API shows it.
struct ConversationResource: JSONObject, Sendable, Equatable {
    /// Somebody else in it.
    struct Participant: JSONObject, Sendable, Equatable {
        let account: String
        let displayName: String

        func writeMembers(to json: inout JSONWriter) {
            json.member("account", account)
            json.member("displayName", displayName)
        }
    }

    /// Somebody who was asked for and did not come.
    struct Absent: JSONObject, Sendable, Equatable {
        let account: String
        let reason: MessageReason

        func writeMembers(to json: inout JSONWriter) {
            json.member("account", account)
            json.member("reason", reason)
        }
    }

    let id: String
    let participants: [Participant]
    let group: Bool
    let createdAt: Timestamp
    /// Absent until something was said.
    let lastMessageAt: Timestamp?
    /// Only where people were brought together, and not all of them came.
    var absent: [Absent]?

    func writeMembers(to json: inout JSONWriter) {
        json.member("absent", absent)
        json.member("createdAt", createdAt)
        json.member("group", group)
        json.member("id", id)
        json.member("lastMessageAt", lastMessageAt)
        json.member("participants", participants)
    }
}
