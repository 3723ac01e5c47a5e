/// Why a text can't be sent.
package enum MessageTextError: Error, Equatable, Sendable {
    case empty
    /// More than `WireLimits.messageText` bytes.
    case tooLong
    /// A control character other than tab, LF and CRLF; a CR alone is one.
    case controlCharacter
}
