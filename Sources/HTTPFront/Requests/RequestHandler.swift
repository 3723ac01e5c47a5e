/// Who answers the requests.
///
/// All methods run on the thread of an event loop, which serves hundreds of connections: they decide and return, and
/// never wait for a lock that is held for long, for a file, or for the network.
package protocol RequestHandler: Sendable {
    /// What to do with a request whose framing is sound; called once for each.
    ///
    /// For a request with a body that is before the body: it can be refused without being read.
    func receive(_ head: RequestHead) -> Reception

    /// The same for whoever keeps what follows from a head for the next one like it; the server asks this one.
    ///
    /// - Parameter memo: what was put there for a request before on the same connection, whose head was the same byte by byte
    ///   but for its query; nil where nothing was. Who calls can change at any time, whatever the head says: what is there is to
    ///   be no more than what follows from the head alone.
    func receive(_ head: RequestHead, _ memo: inout HeadMemo?) -> Reception

    /// The answer to a request whose framing is refused; the connection closes after it.
    ///
    /// `head` is what could be read of it, for `X-Request-Id` and the log; its path is empty if the target could not. Some
    /// requests never get here, because libmicrohttpd answers them itself, with a page of its own, and closes: a request
    /// line or a field line that isn't one (400), a `Content-Length` with anything but digits (400), a head beyond
    /// `HTTPConfiguration.connectionMemory` (414, 431), another major version (505), chunks that aren't (400).
    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response

    /// The answer to a connection that is not served, whatever it asks for; the server asks once, at its start.
    ///
    /// It is sent before anything is read, and has to be short: some hundred bytes.
    func refuse(_ refusal: ConnectionRefusal) -> Response

    /// Whether a request is one of those for which some connections are kept: a question whether the gateway is well.
    func isProbe(_ head: RequestHead) -> Bool

    /// Connections were refused: `count` of them since the last such call for this reason.
    ///
    /// Called at most once in `HTTPConfiguration.refusalReportInterval` for each reason, so that it can be logged.
    func noteRefusals(_ refusal: ConnectionRefusal, count: Int)

    /// A loop's turn took longer than `LongTurn.limit`; each such turn is told, by the loop itself.
    func noteLongTurn(_ turn: LongTurn)
}

extension RequestHandler {
    /// Keeps nothing.
    package func receive(_ head: RequestHead, _ memo: inout HeadMemo?) -> Reception { receive(head) }
}
