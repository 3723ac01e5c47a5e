import ByteText
import HTTPFront
import MSNPClient

@testable import Gateway
@testable import HTTPFront

/// The head of a request: its framing, its target, and the fields and parameters that the routes read.
enum HeadFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        let head = Head(bytes)
        let target = RequestTarget(parsing: head.target)
        var headers = HeaderFields()
        for (name, value) in head.fields { headers.append(name: name, value: value) }
        let check = FramingCheck(
            method: String(decoding: head.method, as: UTF8.self), target: target,
            version: String(decoding: head.version, as: UTF8.self), headers: headers)
        let isSound = head.layout(bytes.count)
        guard check.refusal == nil, isSound, let target else { return }
        try checkFraming(head, check)
        try checkTarget(target)
        try checkFields(
            RequestHead(
                method: String(decoding: head.method, as: UTF8.self), path: target.path, query: target.query,
                headers: headers, peer: PeerAddress(ip: "127.0.0.1"), contentLength: check.contentLength,
                hasBody: check.hasBody))
    }

    /// Read by other rules than the gateway's own, there is one way to see where the request ends.
    private static func checkFraming(_ head: Head, _ check: FramingCheck) throws {
        func values(_ name: String) -> [ArraySlice<UInt8>] {
            head.fields.filter { $0.name.map { $0 | 0x20 }.elementsEqual(name.utf8) }.map(\.value)
        }
        let lengths = values("content-length")
        let codings = values("transfer-encoding")
        try FuzzFinding.unless(lengths.count + codings.count <= 1, "two lengths are taken")
        try FuzzFinding.unless(check.hasBody || codings.isEmpty, "a chunked body is none")
        try FuzzFinding.unless(values("host").count <= 1, "two hosts are taken")
        try FuzzFinding.unless(
            head.fields.allSatisfy { $0.name.allSatisfy { $0 > 0x20 && $0 < 0x7F } }, "a name with white space is taken"
        )
    }

    private static func checkTarget(_ target: RequestTarget) throws {
        try FuzzFinding.unless(target.path == "*" || target.path.utf8.first == UInt8(ascii: "/"), "a path has no start")
        let separators = target.path.utf8.count { $0 == UInt8(ascii: "/") }
        if let segments = PathSegments.split(target.path) {
            try FuzzFinding.unless(segments.count == separators, "an escape separates segments")
        }
        _ = try? QueryParameters(parsing: target.query, known: ["after", "wait", "limit", "types"])
    }

    private static func checkFields(_ head: RequestHead) throws {
        _ = Preferences(head)
        _ = try? IdempotencyKey(head)
        _ = Credential(in: head)
        let id = RequestID(sent: RequestID.sent(in: head))
        try FuzzFinding.unless(id.text.utf8.count <= RequestID.longest, "a long ID is echoed")
        for name in ["Accept", "If-None-Match", "If-Match"] {
            guard let value = head.headers[name] else { continue }
            _ = Accept.best(of: ["application/json", "text/html"], for: value)
            _ = EntityTag.isKnown("\"abc\"", to: value)
            _ = EntityTag.isMatched("\"abc\"", by: value)
        }
        try checkClient(head)
    }

    /// Behind a trusted proxy, what a client has written into the field itself changes nothing.
    private static func checkClient(_ head: RequestHead) throws {
        let proxy = IPAddress([10, 0, 0, 1])
        for header in [ProxyHeader.xForwardedFor, .forwarded] {
            let resolver = ClientAddressResolver(trustedProxies: [proxy], header: header)
            let lines = head.headers.values(of: header.field)
            _ = resolver.resolve(peer: proxy, lines: lines)
            let seen = header == .forwarded ? "for=192.0.2.7" : "192.0.2.7"
            let client = ClientAddress(ip: IPAddress([192, 0, 2, 7]))
            let joined = lines.isEmpty ? seen : lines.joined(separator: ",") + ", " + seen
            try FuzzFinding.unless(
                resolver.resolve(peer: proxy, lines: lines + [seen]) == client
                    && resolver.resolve(peer: proxy, lines: [joined]) == client,
                "a client's own field names another")
        }
    }

    /// A head as the library reports it: cut at spaces, colons and line ends, zeros in their places.
    private struct Head {
        var method: ArraySlice<UInt8> = []
        var target: ArraySlice<UInt8> = []
        var version: ArraySlice<UInt8> = []
        var fields: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
        private var end = 0

        init(_ bytes: [UInt8]) {
            var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
            let first = Self.stripped(lines.popFirst() ?? [])
            let words = first.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
            if words.count == 3 { (method, target, version) = (words[0], words[1], words[2]) }
            for line in lines {
                let line = Self.stripped(line)
                end = min(bytes.count, line.endIndex + 2)
                if line.isEmpty { break }
                // As strings end at a zero for the library.
                let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, !parts[0].isEmpty else { continue }
                fields.append(
                    (parts[0].prefix { $0 != 0 }, parts[1].drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0 }))
            }
        }

        private static func stripped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            line.last == 0x0D ? line.dropLast() : line
        }

        /// Whether the places of the parts leave room for nothing else.
        func layout(_ count: Int) -> Bool {
            func place(_ part: ArraySlice<UInt8>) -> Range<UInt> { UInt(part.startIndex)..<UInt(part.endIndex) }
            var layout = HeadLayout(method: place(method), target: place(target), version: place(version))
            for field in fields { layout.add(name: place(field.name), value: place(field.value)) }
            layout.finish(at: UInt(end))
            return layout.isSound
        }
    }
}
