/// The positions of named readers.
struct Consumers: Sendable {
    /// Where a new name begins: whoever has a name wants all there is, and after a restart, which forgets the names,
    /// nothing that came meanwhile is passed over in silence.
    static let beginning = ReadPosition.oldest

    private var positions: [ConsumerName: UInt64] = [:]

    /// Where a name stands; nil for one that nobody has used.
    subscript(name: ConsumerName) -> UInt64? { positions[name] }

    /// Moves a name on, never back; throws 400 for one name too many.
    ///
    /// Not 429, as waiting doesn't help: no name makes room for another, whose reader would lose its place in silence.
    mutating func commit(_ position: UInt64, for name: ConsumerName) throws(Problem) {
        guard positions[name] != nil || positions.count < GatewayLimits.consumers else {
            throw Problem(
                .invalidRequest, "There are \(GatewayLimits.consumers) consumers already, as many as there may be.")
        }
        positions[name] = max(positions[name] ?? 0, position)
    }
}
