/// Answers and wakes that are gathered, so that each loop hears of all of its own in one message and wakes up once.
///
/// Whoever has something for many requests at once gathers it here and calls `deliver` at the end: between the two, the
/// wait of an answered request has ended, and its loop does not know. What is still here when the value goes is delivered
/// then, so that no answer is lost; for the same reason there are no copies.
package struct Deliveries: ~Copyable, Sendable {
    private struct Batch: Sendable {
        let target: any DeliveryTarget
        var deliveries: [Delivery]
    }

    /// One for each loop that has something to hear, of which there are as many as processors.
    private var batches: [Batch] = []

    package init() {}

    /// Whether there is nothing to deliver.
    package var isEmpty: Bool { batches.isEmpty }

    /// Answers a request unless its wait has ended already; tells whether this answer was taken.
    @discardableResult
    package mutating func answer(_ request: ParkedRequest, with response: Response) -> Bool {
        guard request.end() else { return false }
        add(.answer(request, response), for: request.target)
        return true
    }

    /// Has `Streaming.next` asked again, soon; costs next to nothing when that was said already.
    package mutating func wake(_ signal: StreamSignal) {
        if signal.post() { add(.wake(signal), for: signal.target) }
    }

    /// Tells each loop what there is for it, and is empty then; never waits.
    package mutating func deliver() {
        for batch in batches { batch.target.take(batch.deliveries) }
        batches.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ delivery: Delivery, for target: any DeliveryTarget) {
        // From the end: what comes in a row is often for one loop.
        if let index = batches.lastIndex(where: { $0.target === target }) {
            batches[index].deliveries.append(delivery)
        } else {
            batches.append(Batch(target: target, deliveries: [delivery]))
        }
    }

    deinit {
        for batch in batches { batch.target.take(batch.deliveries) }
    }
}
