import Synchronization

/// A request whose response comes later: all there is about its wait, in one object.
///
/// The handler makes it and says what to do; the server parks it, which suspends its connection, and calls `began`. It ends
/// once, by the first of an answer, its time-out, the server's draining and the client's leaving. `began`, `released` and
/// `abandoned` run on the loop's thread, under the rules of `RequestHandler`.
///
/// `@unchecked Sendable`: until it is parked it is in the hands of one thread, which may change what is to be done. Then
/// that stays as it is, any thread may answer, and the first to end it is found by compare-and-set. `connection` and
/// `exchange` are the loop's alone.
package final class ParkedRequest: @unchecked Sendable {
    /// Why the server ends a wait itself.
    package enum Release: Sendable, Hashable {
        /// The time-out is over.
        case timedOut
        /// The server is draining.
        case shuttingDown
    }

    /// After this long the server releases it.
    package let timeout: Duration
    /// Called once, when the wait has begun; may answer at once.
    ///
    /// Not called while the server drains: the request is released at once then.
    private var began: (@Sendable (ParkedRequest) -> Void)?
    /// The answer of a request that the server releases.
    package var released: @Sendable (Release) -> Result<Response, any Error>
    /// Called at most once, when the client has left before there was an answer.
    ///
    /// A client that closes only its sending half counts as gone: it can't be told apart from one that left, and
    /// HTTP clients keep both halves open while they wait.
    package var abandoned: @Sendable () -> Void
    /// Called before `abandoned`, for whoever counts answers; nil for nobody.
    package var left: (@Sendable () -> Void)?
    /// Told of each answer that is given, also of one that comes too late, but not of a release.
    ///
    /// Nil for nobody.
    package var heard: (@Sendable (Result<Response, any Error>) -> Void)?
    /// Asked whether answers have to wait; nil for nobody.
    package var keeper: (any AnswerKeeping)?
    /// Makes the response of the answer or release that ends the wait; called at most once, by whoever ends it.
    package var finish: @Sendable (Result<Response, any Error>) -> Response = { result in
        (try? result.get()) ?? Response(status: 500)
    }

    /// Set by whoever ends the wait, once.
    private let ended = Atomic(false)
    /// By which its loop knows it; 0 before it is parked.
    private(set) var id: UInt64 = 0
    /// Who holds it; nil before it is parked.
    private(set) var target: (any DeliveryTarget)?
    /// The connection that is suspended for it, for as long as it is.
    var connection: Connection?
    /// Its request and response, likewise.
    var exchange: Exchange?

    /// A request that is not parked yet.
    package init(
        timeout: Duration, began: @escaping @Sendable (ParkedRequest) -> Void,
        released: @escaping @Sendable (Release) -> Result<Response, any Error>,
        abandoned: @escaping @Sendable () -> Void = {}
    ) {
        self.timeout = timeout
        self.began = began
        self.released = released
        self.abandoned = abandoned
    }

    /// The same with errors of one type.
    package convenience init<Failure: Error>(
        timeout: Duration, began: @escaping @Sendable (ParkedRequest) -> Void,
        released: @escaping @Sendable (Release) -> Result<Response, Failure>,
        abandoned: @escaping @Sendable () -> Void = {}
    ) {
        self.init(
            timeout: timeout, began: began,
            released: { reason in released(reason).mapError { $0 as any Error } }, abandoned: abandoned)
    }

    /// Whether the wait has ended.
    package var hasEnded: Bool { ended.load(ordering: .acquiring) }

    // MARK: - Answers, from any thread

    /// Answers the request unless its wait has ended already; tells whether this answer was taken.
    ///
    /// Never waits. A taken answer is no proof of delivery: the client may leave while it is sent. Whoever has answers for
    /// many requests gathers them in `Deliveries`.
    @discardableResult
    package func answer(_ result: Result<Response, some Error>) -> Bool {
        guard let response = end(with: result.mapError { $0 as any Error }) else { return false }
        target?.take(.response(self, response))
        return true
    }

    /// Answers with a response.
    @discardableResult
    package func answer(_ response: Response) -> Bool { answer(Result<Response, any Error>.success(response)) }

    /// Answers with an error, of which `finish` makes a response.
    @discardableResult
    package func answer(_ error: some Error) -> Bool { answer(Result.failure(error)) }

    /// Ends the wait with an answer; the response, which the caller delivers, or nil where it has ended already.
    func end(with result: Result<Response, any Error>) -> Response? {
        // First: whoever has the response may ask again at once.
        heard?(result)
        if let keeper, keeper.keepsBack(self, result) { return nil }
        guard end() else { return nil }
        defer { forget() }
        return finish(result)
    }

    /// False where it has ended before.
    private func end() -> Bool {
        // Whoever comes second sees only that there was a first; what the first knows goes through a queue with a lock.
        ended.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }

    // MARK: - The server's part

    /// The wait begins, and `target` gets the response of its answer.
    ///
    /// For the server, and for tests of what answers requests.
    package func park(_ id: UInt64 = 0, at target: any DeliveryTarget) {
        self.id = id
        self.target = target
        let body = began
        began = nil
        body?(self)
    }

    /// How much longer it waits whose time is up; nil where it does not.
    package func prolonged() -> Duration? { hasEnded ? nil : keeper?.prolong(self) }

    /// Ends the wait without an answer; the response to send, or nil where it has ended already.
    package func release(_ reason: Release) -> Response? {
        guard end() else { return nil }
        defer { forget() }
        return finish(released(reason))
    }

    /// Ends the wait without a response, as nobody is there for one; false where it has ended already.
    package func abandon() -> Bool {
        guard end() else { return false }
        defer { forget() }
        left?()
        abandoned()
        return true
    }

    /// What is to be done goes with the wait: it holds those for whom the request waited, and they may hold the request.
    ///
    /// For whoever has ended it: nobody looks at these any more.
    private func forget() {
        began = nil
        released = { _ in .success(Response(status: 500)) }
        abandoned = {}
        left = nil
    }
}

/// Whoever says whether an answer may go yet.
package protocol AnswerKeeping: AnyObject, Sendable {
    /// Whether an answer has to wait; then it is in the hands of whoever says so, who gives it again later.
    func keepsBack(_ request: ParkedRequest, _ result: Result<Response, any Error>) -> Bool

    /// How much longer a request waits whose time is up, on the loop's thread; it may be answered meanwhile.
    ///
    /// Nil where it is to be released.
    func prolong(_ request: ParkedRequest) -> Duration?
}
