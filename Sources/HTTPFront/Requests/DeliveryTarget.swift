/// Who holds parked requests and streams, and is told what comes for them: a loop of the server.
///
/// Another one is for tests of what answers requests.
package protocol DeliveryTarget: AnyObject, Sendable {
    /// Takes what has come, in its order; any thread calls it, and it never waits.
    func take(_ deliveries: [Deliveries.Item])
    /// The same for one alone.
    func take(_ delivery: Deliveries.Item)
}

extension DeliveryTarget {
    /// Takes one alone like several.
    package func take(_ delivery: Deliveries.Item) { take([delivery]) }
}
