/// Why a page that counted as sent did not arrive.
package enum PageFailure: Equatable, Sendable {
    /// The server's error, which came late.
    case refused(ErrorCode)
    /// The paging service's word, with a code of its own if it gave one.
    case undelivered(code: UInt32?)
}
