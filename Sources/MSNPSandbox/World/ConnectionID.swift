/// A connection's number, never used again in the life of a sandbox.
package struct ConnectionID: Hashable, Sendable {
    /// In the order in which they came.
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}
