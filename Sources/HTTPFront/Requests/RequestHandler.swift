/// Who answers the requests.
///
/// Both methods run on the thread of an event loop, which serves hundreds of connections: they decide and return, and
/// never wait for a lock that is held for long, for a file, or for the network.
package protocol RequestHandler: Sendable {
    /// What to do with a request whose framing is sound; called once for each.
    ///
    /// For a request with a body that is before the body: it can be refused without being read.
    func receive(_ head: RequestHead) -> Reception

    /// The answer to a request whose framing is refused; the connection closes after it.
    ///
    /// `head` is what could be read of it, nil when that is less than a method and a target.
    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response
}
