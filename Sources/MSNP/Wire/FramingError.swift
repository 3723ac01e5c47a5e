/// Why a byte stream can no longer be cut into commands; the connection has to be closed.
package enum FramingError: Error, Equatable, Sendable {
    /// A line grew beyond `WireLimits.line` with no terminator in sight.
    case lineTooLong
    /// More than `WireLimits.emptyLines` lines between two commands had nothing on them.
    case tooManyEmptyLines
    /// A payload command's last parameter is not a decimal length.
    case invalidPayloadLength(command: String)
    /// A payload command announced more than `WireLimits.payload`.
    case payloadTooLong(command: String)
}
