/// A request as libcurl is told it, and who waits for its end.
struct TransferOrder: Sendable {
    /// No other of the transport has it.
    let id: UInt64
    let method: String
    let url: String
    /// The path of a socket that is asked instead of the URL's host; nil for the host.
    let socket: String?
    /// Lines of the head.
    let fields: [String]
    /// Nil for a request without one.
    let body: [UInt8]?
    /// Milliseconds from the start to the end of the answer; 0 for as long as it takes.
    let milliseconds: Int
    /// Whether it needs a connection of its own: on one that was kept, libcurl sends a request again that had no answer.
    let isFresh: Bool
    /// Takes pieces of a successful answer on the transport's thread, instead of having them gathered; nil to gather them.
    let receiving: (@Sendable ([UInt8]) -> Void)?
    /// Called once, on any thread, by whoever ends the transfer.
    let ending: CheckedContinuation<Result<APIResponse, GatewayError>, Never>
}
