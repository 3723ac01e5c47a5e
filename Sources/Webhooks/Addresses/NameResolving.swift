/// Looks names up for webhooks.
package protocol NameResolving: Sendable {
    /// All addresses of a name, best first, 4 or 16 bytes each in network order; none where there are none.
    ///
    /// - Parameter key: whose webhook goes there: what takes long is in the way of nobody else's.
    func addresses(of host: String, for key: String) async -> [[UInt8]]
}
