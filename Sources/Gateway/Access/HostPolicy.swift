import ByteText
import MSNPClient

/// Under which names the gateway may be called (RFC 9110, 7.2).
///
/// A page of another site can make a browser call the gateway under that site's name once its DNS points here. An IP
/// literal or `localhost` can't be rebound; any other name has to be listed.
struct HostPolicy: Sendable {
    /// Bytes of a host with its port: a name has 254 with its root dot (RFC 1035, 2.3.4), and a colon and five digits
    /// follow.
    static let longest = 260

    private static let localhost: FoldedText = "localhost"

    private let publicHosts: Set<FoldedText>

    init(publicHosts: Set<String>) {
        self.publicHosts = Set(publicHosts.map { FoldedText($0) })
    }

    /// Takes the value of `Host` or the authority of a target, with whatever port.
    func permits(_ host: String) -> Bool {
        guard let name = Self.name(in: host) else { return false }
        return name == Self.localhost || Self.isLiteral(name) || publicHosts.contains(name)
    }

    /// The host without its port; nil when it is none.
    static func name(in host: String) -> FoldedText? {
        guard host.utf8.count <= longest else { return nil }
        let bytes = host.utf8[...]
        let name: Substring.UTF8View
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            name = bytes[...close]
        } else {
            name = bytes.prefix { $0 != UInt8(ascii: ":") }
        }
        let rest = bytes[name.endIndex...]
        let digits = rest.dropFirst()
        guard !name.isEmpty, rest.isEmpty || rest.first == UInt8(ascii: ":"), digits.count <= 5,
            digits.allSatisfy(ASCII.isDigit)
        else { return nil }
        // A name with its root dot is the same name.
        return FoldedText(Substring(name.last == UInt8(ascii: ".") ? name.dropLast() : name))
    }

    private static func isLiteral(_ name: FoldedText) -> Bool {
        let bytes = name.text.utf8
        if bytes.first == UInt8(ascii: "[") {
            return IPAddress(literal: String(name.text.dropFirst().dropLast())) != nil
                && bytes.contains(UInt8(ascii: ":"))
        }
        // Four numbers up to 255 of three digits at most, with dots between them.
        var (numbers, digits, value) = (1, 0, 0)
        for byte in bytes {
            if byte == UInt8(ascii: "."), digits > 0 {
                (numbers, digits, value) = (numbers + 1, 0, 0)
            } else {
                guard ASCII.isDigit(byte) else { return false }
                (digits, value) = (digits + 1, value * 10 + Int(byte - UInt8(ascii: "0")))
                guard digits <= 3, value <= 255 else { return false }
            }
        }
        return numbers == 4 && digits > 0
    }
}
