import ByteText
import HTTPFront
import MSNPClient

/// Addresses as proxies write them (RFC 7239, 4 and 6; `X-Forwarded-For` has no document).
enum ForwardedNode {
    /// Bytes in an address: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
    private static let longest = 45
    /// Digits in a port.
    private static let longestPort = 5

    /// An address alone; nil for anything else.
    static func address(_ text: some Collection<UInt8>) -> IPAddress? {
        // Digits, letters of hexadecimal, dots and colons: a zone or a name is no address.
        guard (2...longest).contains(text.count),
            text.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."), UInt8(ascii: ":"):
                    true
                default: false
                }
            })
        else { return nil }
        return IPAddress(literal: String(decoding: text, as: UTF8.self))
    }

    /// An element of `X-Forwarded-For`: an address, perhaps with a port, an IPv6 one perhaps in brackets.
    static func node(_ text: ArraySlice<UInt8>) -> IPAddress? {
        if text.first == UInt8(ascii: "[") || text.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            return nodeWithPort(text)
        }
        return address(text)
    }

    /// An element of `Forwarded`: what its one `for` names.
    ///
    /// Nil also where the element breaks the grammar anywhere.
    static func node(ofPair element: ArraySlice<UInt8>) -> IPAddress? {
        var rest = element
        var found: ArraySlice<UInt8>?
        while true {
            // Whoever is generous allows a semicolon at the end, as the grammar does.
            let name = rest.prefix { FieldSyntax.isTokenByte($0) }
            rest = rest.dropFirst(name.count)
            if !name.isEmpty {
                guard rest.first == UInt8(ascii: "="), let value = Self.value(&rest) else { return nil }
                if name.elementsEqual("for".utf8, by: { ASCII.lowercased($0) == $1 }) {
                    guard found == nil else { return nil }
                    found = value
                }
            }
            rest = ReversedElements.trimmed(rest)
            guard let semicolon = rest.first else { break }
            guard semicolon == UInt8(ascii: ";") else { return nil }
            rest = ReversedElements.trimmed(rest.dropFirst())
        }
        return found.flatMap { nodeWithPort($0) }
    }

    /// Takes `=value` off, a token or a quoted string without anything escaped in it.
    private static func value(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        rest = rest.dropFirst()
        guard rest.first == UInt8(ascii: "\"") else {
            let token = rest.prefix { FieldSyntax.isTokenByte($0) }
            rest = rest.dropFirst(token.count)
            return token.isEmpty ? nil : token
        }
        let inside = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard inside.endIndex < rest.endIndex, rest[inside.endIndex] == UInt8(ascii: "\"") else { return nil }
        rest = rest[(inside.endIndex + 1)...]
        return inside
    }

    /// `node [":" port]`, where an IPv6 address has its brackets; `unknown` and `_names` are nobody.
    private static func nodeWithPort(_ text: ArraySlice<UInt8>) -> IPAddress? {
        let host: ArraySlice<UInt8>
        var rest: ArraySlice<UInt8>
        let isBracketed = text.first == UInt8(ascii: "[")
        if isBracketed {
            guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = text[(text.startIndex + 1)..<close]
            rest = text[(close + 1)...]
        } else {
            host = text.prefix { $0 != UInt8(ascii: ":") }
            rest = text[host.endIndex...]
        }
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard isPort(rest) else { return nil }
        } else if !rest.isEmpty {
            return nil
        }
        guard isBracketed == host.contains(UInt8(ascii: ":")) else { return nil }
        return address(host)
    }

    /// Digits, or a proxy's own name for a port, which begins with `_`.
    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        if first == UInt8(ascii: "_") {
            return text.count > 1 && text.allSatisfy { FieldSyntax.isTokenByte($0) }
        }
        return text.count <= longestPort && text.allSatisfy { (0x30...0x39).contains($0) }
    }
}
