import ByteText

/// What a request says before its body.
///
/// One object, as it goes with the request through everybody's hands.
package final class RequestHead: Sendable {
    /// As it was sent: methods are case-sensitive (RFC 9110, 9.1).
    package let method: String
    /// The path as it was sent, not decoded; `*` only in `OPTIONS *`.
    package let path: String
    /// What follows the first `?`, not decoded; empty for a bare `?`, nil without one.
    package let query: String?
    /// Host and port of a target in absolute form, at most as long as a head; nil for one in origin form.
    ///
    /// It names the resource in place of `Host`, which an HTTP/1.0 request may lack (RFC 9112, 3.2.2): rules about hosts
    /// look at it first.
    package let authority: String?
    package let headers: HeaderFields
    package let peer: PeerAddress
    /// What `Content-Length` says; nil without one and for a chunked body.
    package let contentLength: Int?
    /// Whether a body follows: a chunked one, or `Content-Length` above 0.
    package let hasBody: Bool

    package init(
        method: String, path: String, query: String? = nil, authority: String? = nil, headers: HeaderFields = [],
        peer: PeerAddress = PeerAddress(ip: "127.0.0.1"), contentLength: Int? = nil, hasBody: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.authority = authority
        self.headers = headers
        self.peer = peer
        self.contentLength = contentLength
        self.hasBody = hasBody
    }

    /// The same with another query: all else is shared.
    convenience init(_ head: RequestHead, query: String?) {
        self.init(
            method: head.method, path: head.path, query: query, authority: head.authority, headers: head.headers,
            peer: head.peer, contentLength: head.contentLength, hasBody: head.hasBody)
    }

    /// Whether the next request on its connection may be the same: one that only looks, without a body, and not too large to be
    /// kept for that.
    var canRepeat: Bool {
        !hasBody && contentLength == nil && authority == nil && path.utf8.first == UInt8(ascii: "/")
            && (ASCII.equals(method, "GET") || ASCII.equals(method, "HEAD"))
            && path.utf8.count + (query?.utf8.count ?? 0) + headers.bytes.count <= Exchange.mostKept
    }

    /// The request target in its origin form (RFC 9112, 3.2.1): path and query as they were sent.
    package var target: String { query.map { path + "?" + $0 } ?? path }
}
