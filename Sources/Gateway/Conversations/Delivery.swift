import MSNP

/// What is known of a sent message's outcome.
enum Delivery: Sendable, Equatable {
    case pending
    case delivered
    case unconfirmed
    /// With how much of a text in several parts arrived, in Unicode scalars, where some of it went out.
    case failed(MessageFailure, partial: Int? = nil)
    /// The session ended first.
    case signedOut
    /// The same in a process before this one: why, in the API's words.
    case failedBefore(MessageReason, partial: Int?)

    init(_ outcome: MessageOutcome) {
        self =
            switch outcome {
            case .delivered: .delivered
            case .unconfirmed: .unconfirmed
            // The client says so of what was under way when the session ended.
            case .failed(.notOnline(.ended), _): .signedOut
            case .failed(let failure, let partial): .failed(failure, partial: partial)
            }
    }

    /// The API's word for it.
    var word: String {
        switch self {
        case .pending: "pending"
        case .delivered: "delivered"
        case .unconfirmed: "unconfirmed"
        case .failed, .signedOut, .failedBefore: "failed"
        }
    }

    /// How much of it arrived although it failed; nil unless some of it went out.
    var partial: Int? {
        switch self {
        case .failed(_, let partial), .failedBefore(_, let partial): partial
        case .pending, .delivered, .unconfirmed, .signedOut: nil
        }
    }

    /// Why it failed; nil unless it did.
    var reason: MessageReason? {
        switch self {
        case .pending, .delivered, .unconfirmed: nil
        case .failed(let failure, _): MessageReason(failure)
        case .signedOut: .signedOut
        case .failedBefore(let reason, _): reason
        }
    }
}
