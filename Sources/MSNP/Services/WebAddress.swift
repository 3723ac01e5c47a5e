import ByteText

/// The part of an absolute `http` or `https` URL that says whom it reaches, read strictly.
///
/// The URLs come from a server and reach a browser, so everything that two parsers might read differently is refused:
/// white space, control characters, anything beyond ASCII, backslashes, quotes and angle brackets anywhere, user-info,
/// escapes and empty labels in the host, an empty port (RFC 3986, 3.2, less what browsers repair).
package struct WebAddress: Equatable, Sendable {
    package let isSecure: Bool
    /// Lower-case, without port, an IPv6 literal in its brackets.
    package let host: String
    /// Nil when the URL names none.
    package let port: UInt16?

    /// Scheme, host and port as a content security policy spells them: `https://login.example:8443`.
    package var origin: String { (isSecure ? "https://" : "http://") + host + (port.map { ":\($0)" } ?? "") }

    /// Reads an `http` or `https` URL; nil for anything else.
    package init?(parsing url: String) {
        guard Self.isClean(url) else { return nil }
        let lower = ASCII.lowercased(url)
        if lower.hasPrefix("https://") {
            isSecure = true
        } else if lower.hasPrefix("http://") {
            isSecure = false
        } else {
            return nil
        }
        let authority = lower.dropFirst(isSecure ? 8 : 7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hostEnd = authority.first == "[" ? authority.firstIndex(of: "]") : nil
        let colon = authority[(hostEnd ?? authority.startIndex)...].firstIndex(of: ":")
        host = String(authority[..<(colon ?? authority.endIndex)])
        guard Self.isName(host) || Self.isIPv6(host) else { return nil }
        guard let colon else {
            port = nil
            return
        }
        let digits = authority[authority.index(after: colon)...]
        // Digits only: UInt16 would also take a sign.
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits), number > 0 else {
            return nil
        }
        port = number
    }

    /// Whether a URL, absolute or relative, holds nothing that parsers disagree on.
    static func isClean(_ url: String) -> Bool {
        url.utf8.allSatisfy { (0x21...0x7E).contains($0) && !#""<>\`"#.utf8.contains($0) }
    }

    private static func isName(_ host: String) -> Bool {
        host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
                        || $0 == UInt8(ascii: "_")
                }
        }
    }

    private static func isIPv6(_ host: String) -> Bool {
        guard host.utf8.count > 2, host.first == "[", host.last == "]" else { return false }
        let inner = host.utf8.dropFirst().dropLast()
        return inner.contains(UInt8(ascii: ":"))
            && inner.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == UInt8(ascii: ":")
                    || $0 == UInt8(ascii: ".")
            }
    }
}
