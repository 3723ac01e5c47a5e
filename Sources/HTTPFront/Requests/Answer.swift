/// How a request is answered.
package enum Answer: Sendable {
    /// With bytes that are ready.
    case now(Response)
    /// When something has happened: the request waits without a thread.
    case park(ParkedRequest)
    /// In pieces, for as long as both sides like.
    case stream(Streaming)
}
