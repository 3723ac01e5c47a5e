/// A message that is to be sent.
public struct MessageDraft: Sendable, Equatable {
    /// Who is to get it.
    public enum Target: Hashable, Sendable {
        /// That person, and nobody else.
        case person(String)
        /// Whoever is in the conversation, by its ID.
        case conversation(String)
    }

    public var target: Target
    /// 1 to 65,536 bytes of UTF-8; LF is a line end.
    public var text: String
    /// How it looks; nil for the receiver's choice.
    public var format: TextFormat?
    /// The caller's own name for it, at most 64 characters, which comes back in the message and in its events; nil for none.
    public var clientRef: String?

    /// For one person.
    public init(_ text: String, to account: String) {
        self.text = text
        target = .person(account)
    }

    /// For a conversation.
    public init(_ text: String, in conversation: String) {
        self.text = text
        target = .conversation(conversation)
    }

    /// The body of the call.
    var body: JSONValue {
        var members: [String: JSONValue] = ["text": .string(text)]
        if case .person(let account) = target { members["to"] = .string(account) }
        members["clientRef"] = clientRef.map(JSONValue.string)
        members["format"] = format.flatMap { try? JSONCoding.decode(JSONValue.self, from: JSONCoding.encode($0)) }
        return .object(members)
    }
}
