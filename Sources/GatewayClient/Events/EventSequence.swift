/// Events of a session, or of all sessions of an API key, one after the other, for as long as there are any.
///
/// Each iteration is a loop of its own. It waits through whatever passes (a gateway that restarts, a network that is away), says
/// so (`EventStep.interrupted`), and ends when the session has ended and everything in it was told. It throws where no waiting
/// would help: the token is taken no more, the session is gone. A task that is cancelled ends the request that waits.
public struct EventSequence: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = EventStep
    /// Why it ends before its end.
    public typealias Failure = GatewayError

    private let source: EventSource
    private let start: EventStart
    private let types: [String]

    init(_ source: EventSource, _ start: EventStart, types: [String]) {
        self.source = source
        self.start = start
        self.types = types
    }

    /// Begins a loop.
    public func makeAsyncIterator() -> Iterator { Iterator(source, start, types) }

    /// One loop.
    public struct Iterator: AsyncIteratorProtocol {
        private var source: EventSource
        private let types: [String]
        private var reading: EventReading

        init(_ source: EventSource, _ start: EventStart, _ types: [String]) {
            self.source = source
            self.types = types
            reading = EventReading(start, hasOwnCursors: source.isFeed)
        }

        /// Goes on where it was, after a refusal, with another token of the same session.
        mutating func goOn(_ source: EventSource) {
            self.source = source
            reading.forgive()
        }

        /// The position after what has been dealt with, to begin after another time; nil where none is known yet.
        public var position: Cursor? { reading.position }

        /// What comes next; whoever asks for it has dealt with what came before.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(GatewayError) -> EventStep? {
            while true {
                switch reading.action() {
                case .tell(let step): return step
                case .snapshot:
                    do throws(GatewayError) {
                        reading.took(try await source.snapshot())
                    } catch {
                        reading.failed(error)
                    }
                case .poll(let after, let consumer):
                    do throws(GatewayError) {
                        reading.took(try await source.poll(after: after, consumer: consumer, types: types))
                    } catch {
                        reading.failed(error)
                    }
                case .wait(let failures, let asked): try await source.gateway.pause(after: failures, asked: asked)
                case .fail(let error): throw error
                case .end: return nil
                }
            }
        }

        public mutating func next() async throws(GatewayError) -> EventStep? { try await next(isolation: nil) }
    }
}

extension RemoteGateway {
    /// Waits after so many failures in a row; throws where the task is cancelled.
    func pause(after failures: Int, asked: Duration?) async throws(GatewayError) {
        do {
            try await options.time.sleep(
                options.backoff.wait(after: failures, asked: asked, random: options.time.random()))
        } catch {
            throw .cancelled
        }
    }
}
