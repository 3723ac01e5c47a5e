/// Why a format can't be sent.
package enum TextFormatError: Error, Equatable, Sendable {
    /// Empty, longer than `TextFormat.longestFont`, or with a control character.
    case invalidFont
}
