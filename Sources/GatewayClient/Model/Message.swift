public import FoundationEssentials

/// A message that the session sends, and what became of it.
public struct Message: Codable, Equatable, Sendable {
    public let id: String
    public let conversationId: String
    public let text: String
    /// How it looks; nil where the caller did not say.
    public let format: TextFormat?
    public let sentAt: Date
    /// The caller's own name for it; nil without one.
    public let clientRef: String?
    public let delivery: Word<Delivery>
    /// Characters (Unicode scalars) that arrived before the rest failed; nil where that is not the matter.
    public let partial: Int?
    /// Why it failed; nil where it did not.
    public let reason: Word<MessageReason>?
}

extension Message {
    /// The message in one line of JSON, as the API has it.
    public var json: [UInt8] { (try? JSONCoding.encode(self)) ?? [] }
}

/// What became of a message.
public enum Delivery: String, Sendable, CaseIterable {
    /// Nobody knows yet.
    case pending
    /// The server has acknowledged it.
    case delivered
    /// It went out, and nobody said whether it arrived.
    case unconfirmed
    case failed
}

/// Why a message failed, or somebody did not come.
public enum MessageReason: String, Sendable, CaseIterable {
    case contactOffline, notJoined, notDelivered, refused, appearingOffline, tooActive, notPrivate, protocolError,
        timedOut
    case notSupported, unreachable, gatewayFull, connectionLost, conversationClosed, tooManyConversations, queueFull
    case unknownConversation, notOnline, signedOut
}

/// How a text looks; what is nil is the receiver's own choice.
public struct TextFormat: Codable, Equatable, Sendable {
    /// At most 31 UTF-16 units.
    public var font: String?
    /// `#rrggbb`.
    public var color: String?
    public var bold = false
    public var italic = false
    public var underline = false
    public var strikethrough = false
    public var rightToLeft = false

    public init() {}
}
