/// Why a text is no handle.
package enum HandleError: Error, Equatable, Sendable {
    /// More than `WireLimits.handle` bytes.
    case tooLong
    /// White space, a control character or something beyond ASCII.
    case invalidCharacter
    /// Not `local@domain`.
    case notAnAddress
}
