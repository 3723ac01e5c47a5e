/// One thing that a loop has to be told about a request that it holds.
package enum Delivery: Sendable {
    /// The answer of a parked request, whose wait has ended with it.
    case answer(ParkedRequest, Response)
    /// A stream has something to send.
    case wake(StreamSignal)
}
