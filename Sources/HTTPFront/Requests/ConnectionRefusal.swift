/// Why a connection is answered without being served.
package enum ConnectionRefusal: Sendable, Hashable, CaseIterable {
    /// Its address has `HTTPConfiguration.connectionsPerAddress` already.
    case address
    /// There are `HTTPConfiguration.maximumConnections`, or all but those that are kept for probes.
    case connections
    /// The process has no descriptor left.
    case descriptors
}
