import ByteText

/// What the framing of a request says, checked before anything believes it (RFC 9112, 6 and 11.2).
struct FramingCheck {
    static let http11 = "HTTP/1.1"
    private static let http10 = "HTTP/1.0"
    private static let chunked = Array("chunked".utf8)

    private(set) var refusal: FramingRefusal?
    private(set) var contentLength: Int?
    private(set) var hasBody = false

    /// `target` is nil when it could not be read; the fields are those of the head.
    ///
    /// What is not UTF-8 in a method or a version is U+FFFD by now, which is in no token either.
    init(method: String, target: RequestTarget?, version: String, headers: HeaderFields) {
        refusal =
            Self.line(method, target, version) ?? Self.host(target, version, headers)
            ?? Self.fields(headers) ?? length(version, headers)
    }

    private static func line(
        _ method: String, _ target: RequestTarget?, _ version: String
    ) -> FramingRefusal? {
        guard ASCII.equals(version, http11) || ASCII.equals(version, http10) else { return .unsupportedVersion }
        guard FieldSyntax.isToken(method.utf8) else { return .invalidMethod }
        guard let target, !ASCII.equals(target.path, "*") || ASCII.equals(method, "OPTIONS") else {
            return .invalidTarget
        }
        return nil
    }

    private static func fields(_ headers: HeaderFields) -> FramingRefusal? {
        for field in headers.fields {
            guard FieldSyntax.isToken(headers.bytes[field.name]) else { return .invalidFieldName }
            guard FieldSyntax.isValue(headers.bytes[field.value]) else { return .invalidFieldValue }
        }
        return nil
    }

    private static func host(_ target: RequestTarget?, _ version: String, _ headers: HeaderFields) -> FramingRefusal? {
        let count = headers.count(of: "Host")
        guard count <= 1 else { return .repeatedHost }
        guard count == 1 || ASCII.equals(version, http10) else { return .missingHost }
        // The server's rules about hosts look at `Host`; a target that names another one would get around them.
        if let authority = target?.authority, let host = headers.first(of: "Host"),
            !ASCII.equalsFolded(authority, host)
        {
            return .invalidTarget
        }
        return nil
    }

    private mutating func length(_ version: String, _ headers: HeaderFields) -> FramingRefusal? {
        let lengths = headers.count(of: "Content-Length")
        let codings = headers.count(of: "Transfer-Encoding")
        guard lengths == 0 || codings == 0 else { return .contentLengthWithTransferEncoding }
        if let coding = headers.fields.first(where: { headers.matches($0, "Transfer-Encoding") }) {
            // As it stands, white space behind it included: so the library compares it, and what isn't this has no body
            // to it.
            guard codings == 1, ASCII.equals(version, Self.http11),
                headers.bytes[coding.value].lazy.map(ASCII.lowercased).elementsEqual(Self.chunked)
            else {
                return .invalidTransferEncoding
            }
            hasBody = true
        }
        guard let length = headers.first(of: "Content-Length") else { return nil }
        guard lengths == 1 else { return .repeatedContentLength }
        guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(length) else {
            return .invalidContentLength
        }
        contentLength = count
        hasBody = count > 0
        return nil
    }
}
