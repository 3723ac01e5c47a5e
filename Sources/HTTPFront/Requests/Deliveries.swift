/// Answers and wakes that are gathered, so that each loop hears of all of its own in one message and wakes up once.
///
/// Whoever has something for many requests at once gathers it here and calls `deliver` at the end: between the two, the
/// wait of an answered request has ended, and its loop does not know. What is still here when the value goes is delivered
/// then, so that no answer is lost; for the same reason there are no copies.
package struct Deliveries: ~Copyable, Sendable {
    /// One thing that a loop has to be told about a request that it holds.
    package enum Item: Sendable {
        /// The response of a parked request, whose wait has ended with it.
        case response(ParkedRequest, Response)
        /// A stream has something to send.
        case wake(StreamSignal)
    }

    private struct Batch: Sendable {
        let target: any DeliveryTarget
        /// Mostly there is no other, and no array for them.
        let first: Item
        var others: [Item] = []

        func deliver() {
            if others.isEmpty { target.take(first) } else { target.take([first] + others) }
        }
    }

    /// Of the first loop that has something to hear: mostly there is no other.
    private var first: Batch?
    /// Of the others, of which there are as many as processors.
    private var others: [Batch] = []

    package init() {}

    /// Whether there is nothing to deliver.
    package var isEmpty: Bool { first == nil }

    /// Answers a request unless its wait has ended already; tells whether this answer was taken.
    @discardableResult
    package mutating func answer(_ request: ParkedRequest, with result: Result<Response, any Error>) -> Bool {
        guard let response = request.end(with: result) else { return false }
        // One that is not parked is in nobody's hands yet.
        if let target = request.target { add(.response(request, response), for: target) }
        return true
    }

    /// Answers a request with a response.
    @discardableResult
    package mutating func answer(_ request: ParkedRequest, with response: Response) -> Bool {
        answer(request, with: Result<Response, any Error>.success(response))
    }

    /// Has `Streaming.next` asked again, soon; costs next to nothing when that was said already.
    package mutating func wake(_ signal: StreamSignal) {
        if signal.post() { add(.wake(signal), for: signal.target) }
    }

    /// Tells each loop what there is for it, and is empty then; never waits.
    package mutating func deliver() {
        tellAll()
        first = nil
        others.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ item: Item, for target: any DeliveryTarget) {
        if first == nil {
            first = Batch(target: target, first: item)
        } else if first?.target === target {
            first?.others.append(item)
        } else if let index = others.lastIndex(where: { $0.target === target }) {
            // From the end: what comes in a row is often for one loop.
            others[index].others.append(item)
        } else {
            others.append(Batch(target: target, first: item))
        }
    }

    private func tellAll() {
        first?.deliver()
        for batch in others { batch.deliver() }
    }

    deinit { tellAll() }
}
