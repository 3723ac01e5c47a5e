/// A frame as it may be shown to the session's owner, with every secret blanked.
///
///     USR 7 MD5 S <blanked>
///
/// What is shown is on a list of what is known to be harmless (`ShownParameters`, `BlankedPayload`), and everything else is
/// blanked: parameters of unknown commands, parameters behind those that a command has, headers of unknown names. The texts
/// of messages, pages and alerts are shown: they are the owner's own, and what people who write bots look for.
package struct BlankedFrame: Equatable, Sendable {
    /// In place of whatever is not shown.
    package static let blank = "<blanked>"

    /// Without its line end, and with the payload's length.
    package let line: String
    /// Bytes of the payload; nil for commands without one.
    package let payloadSize: Int?
    /// What of the payload is text and may be shown.
    package let payload: String?

    package init(_ frame: Frame, _ direction: Direction, onSwitchboard: Bool) {
        let shown = ShownParameters(frame, direction, onSwitchboard: onSwitchboard)
        var tokens = [frame.printableCommand]
        for (index, parameter) in frame.parameters.enumerated() {
            switch shown.rule(for: index) {
            case .whole: tokens.append(parameter)
            case .withoutQuery: tokens.append(BlankedPayload.withoutQuery(parameter))
            case .blanked: tokens.append(Self.blank)
            }
        }
        if let payload = frame.payload { tokens.append(String(payload.count)) }
        line = tokens.joined(separator: " ")
        payloadSize = frame.payload?.count
        payload = frame.payload.map {
            BlankedPayload.text(of: $0, frame.command, direction, onSwitchboard: onSwitchboard)
        }
    }

    /// Bytes of an excerpt: enough to recognise a line by, and no page of somebody else's text.
    package static let longestExcerpt = 200

    /// The line for a message about it: without control characters, and cut to `longestExcerpt` bytes.
    package var excerpt: String {
        let mark = "…"
        let text = DisplayText.sanitized(line)
        guard text.utf8.count > Self.longestExcerpt else { return text }
        var excerpt = String.UnicodeScalarView()
        var left = Self.longestExcerpt - mark.utf8.count
        for scalar in text.unicodeScalars {
            left -= UTF8.width(scalar)
            if left < 0 { break }
            excerpt.append(scalar)
        }
        return String(excerpt) + mark
    }
}
