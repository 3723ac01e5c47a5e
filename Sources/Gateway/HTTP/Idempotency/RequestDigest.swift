import Digests

/// What makes two requests with one key the same: the members of their bodies, whatever white space is between them and
/// whichever comes first.
enum RequestDigest {
    /// The digest of a body; one that is no JSON is the same only as the same bytes.
    static func of(_ body: [UInt8]) -> [UInt8] {
        guard let value = try? JSONParser.parse(body) else { return SHA256.digest(of: [0] + body) }
        var canonical: [UInt8] = [1]
        append(value, to: &canonical)
        return SHA256.digest(of: canonical)
    }

    /// A form that no two different values share: each begins with its kind, and with its length where it has one.
    private static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(UInt8(ascii: "n"))
        case .bool(let value): bytes.append(UInt8(ascii: value ? "t" : "f"))
        case .number(let value): append("d", "\(value)", to: &bytes)
        case .string(let text): append("s", text, to: &bytes)
        case .array(let items):
            append("a", "\(items.count)", to: &bytes)
            for item in items { append(item, to: &bytes) }
        case .object(let members):
            append("o", "\(members.count)", to: &bytes)
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                append("m", name.text, to: &bytes)
                append(member, to: &bytes)
            }
        }
    }

    private static func append(_ kind: String, _ text: String, to bytes: inout [UInt8]) {
        bytes += Array("\(kind)\(text.utf8.count):".utf8)
        bytes += Array(text.utf8)
    }
}
