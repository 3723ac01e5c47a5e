import MSNP

/// What is known of a sent message's outcome.
enum Delivery: Sendable, Equatable {
    case pending
    case delivered
    case unconfirmed
    case failed(MessageFailure)
    /// The session ended first.
    case signedOut

    init(_ outcome: MessageOutcome) {
        self =
            switch outcome {
            case .delivered: .delivered
            case .unconfirmed: .unconfirmed
            // The client says so of what was under way when the session ended.
            case .failed(.notOnline(.ended)): .signedOut
            case .failed(let failure): .failed(failure)
            }
    }

    /// The API's word for it.
    var word: String {
        switch self {
        case .pending: "pending"
        case .delivered: "delivered"
        case .unconfirmed: "unconfirmed"
        case .failed, .signedOut: "failed"
        }
    }

    /// Why it failed; nil unless it did.
    var reason: MessageReason? {
        switch self {
        case .pending, .delivered, .unconfirmed: nil
        case .failed(let failure): MessageReason(failure)
        case .signedOut: .signedOut
        }
    }
}
