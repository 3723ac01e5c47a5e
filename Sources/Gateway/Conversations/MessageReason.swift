import MSNP

/// Why a message failed, in the API's words.
enum MessageReason: String, JSONWritable, CaseIterable, Sendable {
    case contactOffline
    case notJoined
    case notDelivered
    case refused
    case appearingOffline
    case tooActive
    case notPrivate
    case protocolError
    case timedOut
    case notSupported
    case unreachable
    case gatewayFull
    case connectionLost
    case conversationClosed
    case tooManyConversations
    case queueFull
    case unknownConversation
    case notOnline
    case signedOut

    init(_ failure: MessageFailure) {
        self =
            switch failure {
            case .contactOffline: .contactOffline
            case .notJoined: .notJoined
            case .notDelivered: .notDelivered
            case .refused: .refused
            case .appearingOffline: .appearingOffline
            case .tooActive: .tooActive
            case .notPrivate: .notPrivate
            case .nonsense: .protocolError
            case .timedOut: .timedOut
            case .notSupported: .notSupported
            case .unreachable(.gatewayFull): .gatewayFull
            case .unreachable: .unreachable
            case .connectionLost: .connectionLost
            case .conversationClosed: .conversationClosed
            case .tooManyConversations: .tooManyConversations
            case .queueFull: .queueFull
            case .unknownConversation: .unknownConversation
            case .notOnline: .notOnline
            }
    }
}
