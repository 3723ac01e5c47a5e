public import FoundationEssentials

/// Something that happened in a session.
public struct Event: Equatable, Sendable {
    /// Names the event, and is the position after it.
    public let id: Cursor
    /// Counts the session's events, from 1 and without gaps.
    public let seq: Int
    /// `message.received`, say.
    public let type: String
    public let time: Date
    public let sessionID: String
    /// What happened, where it is of a type that is known here.
    public let content: EventContent
    /// What happened, as the gateway said it.
    public let data: JSONValue
}

extension Event: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, seq, type, time, data
        case sessionID = "sessionId"
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(Cursor.self, forKey: .id)
        seq = try members.decode(Int.self, forKey: .seq)
        type = try members.decode(String.self, forKey: .type)
        time = try members.decode(Date.self, forKey: .time)
        sessionID = try members.decode(String.self, forKey: .sessionID)
        data = try members.decode(JSONValue.self, forKey: .data)
        let kind = EventContent.Kind(rawValue: type)
        // One that lacks what is expected of its type is as good as unknown, and no reason to stop reading.
        content = (try? kind?.content(members.superDecoder(forKey: .data))) ?? .unknown
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
        try members.encode(seq, forKey: .seq)
        try members.encode(type, forKey: .type)
        try members.encode(time, forKey: .time)
        try members.encode(sessionID, forKey: .sessionID)
        try members.encode(data, forKey: .data)
    }

    /// The event in one line of JSON, as a poll has it.
    public var json: [UInt8] { (try? JSONCoding.encode(self)) ?? [] }
}
