package import ByteText

/// The payload of a `MSG`: header lines, an empty line, a body (docs/protocol.md#mime).
///
///     S: MSG Hotmail Hotmail 90
///
/// Reading never fails: lines may end in CRLF or LF, the space after a colon may be missing, the payload may end right
/// after the headers, and a line without a colon, or with a name longer than `WireLimits.fieldName`, counts as absent. The
/// wire limits the size (`WireLimits.payload`).
package struct MIMEPayload: Equatable, Sendable {
    private let headers: [FoldedText: String]
    /// What follows the empty line, as it came; empty without one.
    package let body: [UInt8]
    /// Whether it is only the beginning of a message in several pieces, the rest of which never came.
    package let isIncomplete: Bool

    /// The whole of a message in several pieces, of which the first has the headers.
    init(_ first: MIMEPayload, body: [UInt8], isIncomplete: Bool) {
        headers = first.headers
        self.body = body
        self.isIncomplete = isIncomplete
    }

    package init(parsing bytes: [UInt8]) {
        var headers: [FoldedText: String] = [:]
        var rest = bytes[...]
        while let line = Self.takeLine(&rest) {
            if line.isEmpty { break }
            guard let (name, value) = Self.header(line), headers[name] == nil else { continue }
            headers[name] = value
        }
        self.headers = headers
        body = Array(rest)
        isIncomplete = false
    }

    /// The first value of the header, its name in any case; empty when the line has nothing after the colon.
    ///
    /// White space around it is gone and control characters are U+FFFD.
    package subscript(name: FoldedText) -> String? { headers[name] }

    /// The media type without parameters: `text/x-msmsgsprofile`; nil for one that is too long to be any.
    package var contentType: FoldedText? {
        guard let value = contentTypeValue else { return nil }
        let type = Self.trimmed(Array(value.utf8.prefix { $0 != UInt8(ascii: ";") })[...])
        return type.isEmpty ? nil : FoldedText(String(decoding: type, as: UTF8.self))
    }

    /// The media type with its parameters; nil when there is none, or one too long to be any.
    var contentTypeValue: String? {
        self["Content-Type"].flatMap { $0.utf8.count <= WireLimits.comparedValue ? $0 : nil }
    }

    /// The body read as header lines.
    ///
    /// All notifications but the profile have their fields there (docs/protocol.md#server-messages).
    package var bodyFields: MIMEPayload { MIMEPayload(parsing: body) }

    /// The next line without its terminator, nil at the end.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
        var line = rest[..<end]
        rest = rest[(end < rest.endIndex ? end + 1 : end)...]
        if line.last == 0x0D { line.removeLast() }
        return line
    }

    private static func header(_ line: ArraySlice<UInt8>) -> (name: FoldedText, value: String)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = trimmed(line[..<colon])
        guard !name.isEmpty, name.count <= WireLimits.fieldName else { return nil }
        let value = trimmed(line[(colon + 1)...])
        return (
            FoldedText(String(decoding: name, as: UTF8.self)),
            DisplayText.sanitized(String(decoding: value, as: UTF8.self))
        )
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return bytes[first...last]
    }
}

extension MIMEPayload: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Sizes alone: headers hold tickets and bodies what people write.
    package var description: String { "MIMEPayload (\(headers.count) headers, \(body.count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension MIMEPayload {
    /// The header's value, nil when it is missing or empty.
    func text(_ name: FoldedText) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }

    /// The header's value as decimal digits with an optional minus sign; nil for anything else, a plus sign included.
    func number(_ name: FoldedText) -> Int64? {
        guard let value = text(name) else { return nil }
        let digits = value.utf8.first == UInt8(ascii: "-") ? value.utf8.dropFirst() : value.utf8[...]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(value)
    }

    /// The header's value as 32 bits, which servers write signed and unsigned (docs/protocol.md#profile): -2^31 … 2^32-1.
    func bits(_ name: FoldedText) -> UInt32? {
        guard let value = number(name), (Int64(Int32.min)...Int64(UInt32.max)).contains(value) else { return nil }
        return UInt32(truncatingIfNeeded: value)
    }

    /// The header's value as seconds since 1970; after 2038 a server with 32 bits for them writes a negative number.
    func seconds(_ name: FoldedText) -> UInt64? {
        guard let value = number(name) else { return nil }
        return value < 0 ? bits(name).map(UInt64.init) : UInt64(value)
    }

    /// The header's value as `1` or `0`.
    func flag(_ name: FoldedText) -> Bool? {
        guard let value = self[name] else { return nil }
        return ASCII.equals(value, "1") ? true : ASCII.equals(value, "0") ? false : nil
    }

    /// A parameter of the content type, without its quotes: `UTF-8` for `charset`; nil when it is missing or empty.
    func contentParameter(_ name: FoldedText) -> String? {
        for parameter in (contentTypeValue ?? "").utf8.split(separator: UInt8(ascii: ";")).dropFirst() {
            let halves = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard halves.count == 2, FoldedText(Substring(halves[0]).trimmingBlanks) == name else { continue }
            let value = Substring(halves[1]).trimmingBlanks.utf8.filter { $0 != UInt8(ascii: "\"") }
            return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        }
        return nil
    }
}
