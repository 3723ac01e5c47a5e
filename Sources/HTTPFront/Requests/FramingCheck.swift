import ByteText

/// What the framing of a request says, checked before anything believes it (RFC 9112, 6 and 11.2).
struct FramingCheck {
    private static let http11 = Array("HTTP/1.1".utf8)
    private static let http10 = Array("HTTP/1.0".utf8)
    private static let chunked = Array("chunked".utf8)

    private(set) var refusal: FramingRefusal?
    private(set) var contentLength: Int?
    private(set) var hasBody = false

    /// `target` is nil when it could not be read; the fields are those of the head.
    init(method: [UInt8], target: RequestTarget?, version: [UInt8], headers: HeaderFields) {
        refusal =
            Self.line(method, target, version) ?? Self.host(target, version, headers)
            ?? Self.fields(headers) ?? length(version, headers)
    }

    private static func line(
        _ method: [UInt8], _ target: RequestTarget?, _ version: [UInt8]
    ) -> FramingRefusal? {
        guard version == http11 || version == http10 else { return .unsupportedVersion }
        guard FieldSyntax.isToken(method) else { return .invalidMethod }
        guard let target, target.path != "*" || method.elementsEqual("OPTIONS".utf8) else { return .invalidTarget }
        return nil
    }

    private static func fields(_ headers: HeaderFields) -> FramingRefusal? {
        for field in headers.fields {
            guard FieldSyntax.isToken(headers.bytes[field.name]) else { return .invalidFieldName }
            guard FieldSyntax.isValue(headers.bytes[field.value]) else { return .invalidFieldValue }
        }
        return nil
    }

    private static func host(_ target: RequestTarget?, _ version: [UInt8], _ headers: HeaderFields) -> FramingRefusal? {
        let count = headers.count(of: "Host")
        guard count <= 1 else { return .repeatedHost }
        guard count == 1 || version == http10 else { return .missingHost }
        // The server's rules about hosts look at `Host`; a target that names another one would get around them.
        if let authority = target?.authority, let host = headers.first(of: "Host"),
            !ASCII.equalsFolded(authority, host)
        {
            return .invalidTarget
        }
        return nil
    }

    private mutating func length(_ version: [UInt8], _ headers: HeaderFields) -> FramingRefusal? {
        let lengths = headers.values(of: "Content-Length")
        let codings = headers.fields.filter { headers.matches($0, "Transfer-Encoding") }
        guard lengths.isEmpty || codings.isEmpty else { return .contentLengthWithTransferEncoding }
        if !codings.isEmpty {
            // As it stands, white space behind it included: so the library compares it, and what isn't this has no body
            // to it.
            guard codings.count == 1, version == Self.http11,
                headers.bytes[codings[0].value].lazy.map(ASCII.lowercased).elementsEqual(Self.chunked)
            else {
                return .invalidTransferEncoding
            }
            hasBody = true
        }
        guard let length = lengths.first else { return nil }
        guard lengths.count == 1 else { return .repeatedContentLength }
        guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(length) else {
            return .invalidContentLength
        }
        contentLength = count
        hasBody = count > 0
        return nil
    }
}
