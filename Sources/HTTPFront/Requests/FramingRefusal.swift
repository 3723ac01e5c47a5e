/// Why a request is refused before anybody looks at what it asks for.
///
/// Each of these could be read in two ways by two servers in a row, which is how requests are smuggled past the first
/// (RFC 9112, 11.2), or has no meaning at all.
package enum FramingRefusal: Error, Sendable, Hashable, CaseIterable {
    /// Both `Content-Length` and `Transfer-Encoding` (RFC 9112, 6.3).
    case contentLengthWithTransferEncoding
    /// More than one `Content-Length`, also when they agree.
    case repeatedContentLength
    /// A `Content-Length` that isn't a decimal number below 2^63.
    case invalidContentLength
    /// A `Transfer-Encoding` other than `chunked` alone, or in HTTP/1.0 (RFC 9112, 6.1).
    case invalidTransferEncoding
    /// No `Host` in HTTP/1.1 (RFC 9112, 3.2).
    case missingHost
    /// More than one `Host`.
    case repeatedHost
    /// A method that isn't a token (RFC 9110, 5.6.2).
    case invalidMethod
    /// A target with a control character, a space or a byte beyond ASCII, or in a form that has no meaning here.
    ///
    /// `OPTIONS *` and the absolute form of the request's own `Host` are taken; `CONNECT`'s form isn't.
    case invalidTarget
    /// A field name that isn't a token: above all `Content-Length :` (RFC 9112, 5.1).
    case invalidFieldName
    /// A control character other than tab in a field value (RFC 9110, 5.5).
    case invalidFieldValue
    /// A line with a NUL, without a name, with too many spaces, or one that continues the line before (RFC 9112, 5.2).
    case malformedHead
    /// Another version than HTTP/1.0 and HTTP/1.1.
    case unsupportedVersion

    /// One sentence for the person who wrote the client.
    package var detail: String {
        switch self {
        case .contentLengthWithTransferEncoding:
            "The request has both Content-Length and Transfer-Encoding; send one of them."
        case .repeatedContentLength: "The request has more than one Content-Length."
        case .invalidContentLength: "Content-Length is not a decimal number."
        case .invalidTransferEncoding: "The only Transfer-Encoding is chunked, alone and in HTTP/1.1."
        case .missingHost: "An HTTP/1.1 request needs a Host."
        case .repeatedHost: "The request has more than one Host."
        case .invalidMethod: "The method is not a token."
        case .invalidTarget:
            "The request target is neither a path nor a URL of this host, or has characters that need percent-encoding."
        case .invalidFieldName: "A header field's name is not a token; mind spaces before the colon."
        case .invalidFieldValue: "A header field's value has a control character."
        case .malformedHead: "A line of the head has a NUL, no name, spaces to spare, or continues the line before it."
        case .unsupportedVersion: "The gateway speaks HTTP/1.1 and HTTP/1.0."
        }
    }
}
