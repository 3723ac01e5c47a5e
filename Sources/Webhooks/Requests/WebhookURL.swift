import ByteText
import Loops

/// Where a webhook's events go: `https://bot.example.com/events?from=msn`.
///
/// It is taken apart more strictly than browsers and libraries do, and what is sent is put together from the parts: nobody
/// who reads it afterwards finds another host in it.
package struct WebhookURL: Hashable, Sendable {
    /// How it is spoken to.
    package enum Scheme: String, Sendable {
        case http
        case https

        /// The port that is meant where none is named.
        var port: UInt16 { self == .https ? 443 : 80 }
    }

    /// Bytes of a URL: more than any receiver has use for.
    package static let longest = 2_048

    package let scheme: Scheme
    /// A name in lower case, or an address as it is usually written, without brackets: visible ASCII, so that it is the same
    /// for everybody who compares it.
    package let host: String
    /// The one that is named, or the scheme's; never 0.
    package let port: UInt16
    /// What is asked for: it begins with `/`, and ends with the query, if there is one.
    package let target: String
    /// The bytes of the address, in network order, where the host is one; nil for a name.
    package let address: [UInt8]?

    /// The whole of it, for whoever made the webhook and for the request.
    package var text: String { origin + target }

    /// Takes a URL apart; throws what is wrong with it.
    package init(_ text: String) throws(WebhookURLError) {
        guard text.utf8.count <= Self.longest else { throw .tooLong }
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .notASCII }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let scheme = Scheme(rawValue: ASCII.lowercased(String(decoding: bytes[..<colon], as: UTF8.self)))
        else { throw .scheme }
        guard bytes[colon...].starts(with: Array("://".utf8)) else { throw .host }
        let rest = bytes[(colon + 3)...]
        // A backslash ends the authority for browsers, and not for others.
        let authority = rest.prefix { !Array("/?#\\".utf8).contains($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { throw .credentials }
        let target = rest[authority.endIndex...]
        guard !target.contains(UInt8(ascii: "#")) else { throw .fragment }
        guard Self.isTarget(target) else { throw .path }
        self.scheme = scheme
        (host, address, port) = try Self.host(authority, scheme)
        let path = String(decoding: target, as: UTF8.self)
        self.target = target.first == UInt8(ascii: "/") ? path : "/" + path
        // What is kept is read again by the same rule, and may be a `/` longer than what was said.
        guard self.text.utf8.count <= Self.longest else { throw .tooLong }
    }

    /// Scheme, host and port, the port where it is another than the scheme's.
    private var origin: String {
        "\(scheme.rawValue)://\(authority)\(port == scheme.port ? "" : ":\(port)")"
    }

    /// The host as a URL has it, an IPv6 address in brackets.
    var authority: String { address?.count == 16 ? "[\(host)]" : host }

    private typealias Place = (host: String, address: [UInt8]?, port: UInt16)

    private static func host(_ authority: ArraySlice<UInt8>, _ scheme: Scheme) throws(WebhookURLError) -> Place {
        let isBracketed = authority.first == UInt8(ascii: "[")
        let end =
            isBracketed
            ? authority.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : authority.firstIndex(of: UInt8(ascii: ":"))
        if isBracketed, end == nil { throw .host }
        let host = authority[..<(end ?? authority.endIndex)]
        let port = try port(authority[host.endIndex...]) ?? scheme.port
        if isBracketed {
            let inside = String(decoding: host.dropFirst().dropLast(), as: UTF8.self)
            guard let literal = TCPEndpoint(literal: inside, port: port), literal.address.count == 16 else {
                throw .host
            }
            return (literal.literal, literal.address, port)
        }
        let name = ASCII.lowercased(String(decoding: host, as: UTF8.self))
        if let literal = TCPEndpoint(literal: name, port: port), literal.address.count == 4 {
            return (name, literal.address, port)
        }
        guard isName(name) else { throw .host }
        return (name, nil, port)
    }

    /// What stands behind the host: nothing, or a colon and a port.
    private static func port(_ text: ArraySlice<UInt8>) throws(WebhookURLError) -> UInt16? {
        guard let colon = text.first else { return nil }
        let digits = text.dropFirst()
        guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.allSatisfy(ASCII.isDigit),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { throw .port }
        return port
    }

    /// Labels of letters, digits, hyphens and underscores (RFC 1035, 2.3.4).
    ///
    /// The last one begins with a letter: what ends in a number is an address to some who read it, `127.1` and `0x7f.1` too.
    private static func isName(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areWell = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D || $0 == 0x5F }
        }
        return areWell && labels.last?.first.map(isLetter) == true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    /// A path and a query (RFC 3986, 3.3 and 3.4), each percent sign with two digits behind it.
    private static func isTarget(_ text: ArraySlice<UInt8>) -> Bool {
        let refused = Array("\"<>[\\]^`{|}".utf8)
        guard !text.contains(where: refused.contains) else { return false }
        return text.indices.allSatisfy { index in
            guard text[index] == UInt8(ascii: "%") else { return true }
            let digits = text[(index + 1)...].prefix(2)
            return digits.count == 2
                && digits.allSatisfy { ASCII.isDigit($0) || (0x61...0x66).contains(ASCII.lowercased($0)) }
        }
    }
}

extension WebhookURL: CustomStringConvertible {
    /// What logs may have: all but the query, in which people put secrets.
    package var description: String { origin + target.prefix { $0 != "?" } }
}
