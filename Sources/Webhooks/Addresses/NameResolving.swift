/// Looks names up for webhooks.
package protocol NameResolving: Sendable {
    /// All addresses of a name, best first, 4 or 16 bytes each in network order; none where there are none.
    func addresses(of host: String) async -> [[UInt8]]
}
