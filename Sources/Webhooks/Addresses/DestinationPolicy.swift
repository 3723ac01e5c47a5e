/// Where webhooks may go.
///
/// Their URLs are chosen by callers, who could otherwise have the gateway talk to services of its own network. Public unicast
/// addresses are allowed; every other kind, and `http:`, only where the operator has listed the address.
package struct DestinationPolicy: Equatable, Sendable {
    /// Why a URL can't be a webhook's, as far as can be told before its name is looked up.
    package enum Refusal: String, Error, Sendable {
        /// `http:` goes to listed addresses alone.
        case notHTTPS
        /// `http:` goes to listed addresses alone, and nobody here knows those of a name that a proxy looks up.
        case notHTTPSThroughProxy
        /// The address is neither public nor listed.
        case addressNotAllowed
        /// Neither a port of web servers nor one that needs no privilege, and the address is not listed.
        case portNotAllowed
    }

    /// Ranges that are allowed whatever they are.
    package var listed: [AddressRange]

    /// Whether a proxy looks names up, so that nobody here knows whether they have listed addresses: none has.
    package var isThroughProxy: Bool

    package init(listed: [AddressRange] = [], isThroughProxy: Bool = false) {
        self.listed = listed
        self.isThroughProxy = isThroughProxy
    }

    /// Why nothing may be sent there, whatever the name resolves to; nil where something may.
    ///
    /// What a name resolves to is looked at when something is sent, each time.
    package func refusal(of url: WebhookURL) -> Refusal? {
        if let literal = url.address { return refusal(of: literal, for: url) }
        if isThroughProxy { return url.scheme == .http ? .notHTTPSThroughProxy : refusal(ofUnlisted: url) }
        // Some of the listed addresses may have the name.
        return listed.isEmpty ? refusal(ofUnlisted: url) : nil
    }

    /// Why an address that a URL's name has may not be connected to; nil where it may.
    ///
    /// - Parameter address: 4 or 16 bytes in network order.
    package func refusal(of address: [UInt8], for url: WebhookURL) -> Refusal? {
        let reached = Self.reached(by: address)
        if listed.contains(where: { $0.contains(address) || $0.contains(reached) }) { return nil }
        return refusal(ofUnlisted: url) ?? (Self.isPublic(reached) ? nil : .addressNotAllowed)
    }

    private func refusal(ofUnlisted url: WebhookURL) -> Refusal? {
        guard url.scheme == .https else { return .notHTTPS }
        return url.port >= Self.unprivileged || Self.webPorts.contains(url.port) ? nil : .portNotAllowed
    }

    /// The IPv4 address that an IPv6 address leads to, where it is mapped, or NAT64's or 6to4's; else the address itself.
    private static func reached(by address: [UInt8]) -> [UInt8] {
        if let mapped = AddressRange.unmapped(address) { return mapped }
        if nat64.contains(address) { return Array(address[12..<16]) }
        return sixToFour.contains(address) ? Array(address[2..<6]) : address
    }

    private static func isPublic(_ address: [UInt8]) -> Bool {
        if address.count == 4 { return !refusedIPv4.contains { $0.contains(address) } }
        return globalIPv6.contains(address) && !refusedIPv6.contains { $0.contains(address) }
    }

    private static let webPorts: Set<UInt16> = [80, 443]
    /// The first port that anybody may listen on, where no service of a system is.
    private static let unprivileged: UInt16 = 1024

    /// What no receiver in the public network has (RFC 6890 and its registry), and one address that a cloud has taken.
    private static let refusedIPv4: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        // Azure's metadata and health service, in the middle of public addresses.
        "168.63.129.16",
    ].map { AddressRange(literal: $0) }

    /// Global unicast (RFC 4291, 2.4); the rest is loopback, unspecified, unique local, link-local, multicast or reserved.
    private static let globalIPv6 = AddressRange(literal: "2000::/3")
    /// Of it: Teredo and other assignments of the IETF, and documentation (RFC 3849, RFC 9637).
    private static let refusedIPv6: [AddressRange] = ["2001::/23", "2001:db8::/32", "3fff::/20"].map {
        AddressRange(literal: $0)
    }
    /// RFC 6052, 2.1; that of a network's own (RFC 8215) is refused with everything that is not global unicast.
    private static let nat64 = AddressRange(literal: "64:ff9b::/96")
    /// RFC 3056, 2.
    private static let sixToFour = AddressRange(literal: "2002::/16")
}
