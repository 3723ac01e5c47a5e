/// A frame as it may be shown to the session's owner, with every secret blanked.
///
///     USR 7 MD5 S <blanked>
///
/// Only what a command's form names as harmless is shown (`CommandForm`); everything else is blanked: parameters of
/// unknown commands, parameters behind those that a command has, headers of unknown names. The texts of messages, pages
/// and alerts are shown: they belong to the owner, and people who write bots look for them.
package struct BlankedFrame: Equatable, Sendable {
    /// Stands for whatever is not shown.
    package static let blank = "<blanked>"

    /// Without its line end, and with the payload's length.
    package let line: String
    /// Bytes of the payload; nil for commands without one.
    package let payloadSize: Int?
    /// The text of the payload that may be shown.
    package let payload: String?

    package init(_ frame: Frame, _ direction: Direction, onSwitchboard: Bool) {
        let shown = direction.form(of: frame.command, onSwitchboard: onSwitchboard)?.shown ?? .nothing
        var tokens = [frame.printableCommand]
        for (parameter, rule) in zip(frame.parameters, shown.rules(for: frame.parameters)) {
            switch rule {
            case .whole: tokens.append(parameter)
            case .withoutQuery: tokens.append(BlankedPayload.withoutQuery(parameter))
            case .blanked: tokens.append(Self.blank)
            }
        }
        if let payload = frame.payload { tokens.append(String(payload.count)) }
        line = tokens.joined(separator: " ")
        payloadSize = frame.payload?.count
        payload = frame.payload.map {
            BlankedPayload.text(
                of: $0, direction.shownPayload(of: frame.command) ?? .blanked, onSwitchboard: onSwitchboard)
        }
    }

    /// Bytes of an excerpt: enough to recognise a line, and too few for a page of somebody's text.
    package static let longestExcerpt = 200

    /// The line for use in an error: without control characters, and cut to `longestExcerpt` bytes.
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
