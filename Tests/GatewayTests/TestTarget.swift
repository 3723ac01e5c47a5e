import HTTPFront

/// Takes what is delivered to requests and streams that no server holds.
final class TestTarget: DeliveryTarget {
    private let taken: @Sendable (Deliveries.Item) -> Void

    /// `taken` is told of each delivery, on the thread that delivers it.
    init(_ taken: @escaping @Sendable (Deliveries.Item) -> Void = { _ in }) { self.taken = taken }

    func take(_ deliveries: [Deliveries.Item]) {
        for delivery in deliveries { taken(delivery) }
    }
}
