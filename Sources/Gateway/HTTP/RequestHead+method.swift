import ByteText
import HTTPFront

extension RequestHead {
    /// Whether the method is that one; methods are case-sensitive (RFC 9110, 9.1).
    func isMethod(_ name: String) -> Bool { ASCII.equals(method, name) }

    /// Whether the request changes nothing (RFC 9110, 9.2.1).
    var isSafe: Bool { isMethod("GET") || isMethod("HEAD") }

    /// Under which name the caller addresses the gateway; nil in HTTP/1.0, which need not say.
    ///
    /// A target in absolute form says it in place of `Host` (RFC 9112, 3.2.2).
    var host: String? { authority ?? headers.first(of: "Host") }
}
