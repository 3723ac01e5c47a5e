/// What kind of place an address leads to (RFC 6890).
package enum IPAddressKind: Sendable {
    case publicUnicast
    case loopback
    case linkLocal
    case privateUse
    /// Unspecified, multicast, broadcast and reserved: never a server.
    case unusable
}
