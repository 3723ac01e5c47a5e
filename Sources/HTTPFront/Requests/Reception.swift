/// What to do with a request of which the head is there.
package enum Reception: Sendable {
    /// Answer it.
    ///
    /// A body is not read, and the connection closes after the answer: the way to refuse an upload before it comes.
    case answer(Answer)

    /// Read its body, which may be empty, and ask `then` for the answer.
    ///
    /// A body of more than `limit` bytes is answered with `tooLarge` and the connection closes: at once when
    /// `Content-Length` says so, else as soon as a chunked body has come to its end.
    case readBody(
        limit: Int, tooLarge: @Sendable () -> Response, then: @Sendable ([UInt8]) -> Answer)
}
