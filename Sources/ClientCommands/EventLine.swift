import FoundationEssentials
package import GatewayClient
import Glibc

/// An event as people read it, in one line.
package struct EventLine: Sendable {
    private let style: TerminalStyle

    package init(_ style: TerminalStyle) { self.style = style }

    /// The line, without its end.
    package func text(_ event: Event) -> String {
        "\(style.paint(Self.time(event.time), .dim)) \(words(event))"
    }

    /// Hours, minutes and seconds where the person is, whom Foundation's essentials don't know the time of.
    private static func time(_ date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
        // It has a pointer to the zone's name, which nobody looks at.
        var local = unsafe tm()
        // Reads the one and fills the other.
        guard unsafe localtime_r(&seconds, &local) != nil else { return "" }
        let parts = unsafe [local.tm_hour, local.tm_min, local.tm_sec]
        return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    private func words(_ event: Event) -> String {
        switch event.content {
        case .messageReceived(let message):
            let text =
                message.text.map(TerminalText.line) ?? style.paint("(\(TerminalText.line(message.contentType)))", .dim)
            return "\(style.paint(TerminalText.line(message.from), .cyan)) \(text)"
        case .messageSent(let message), .messageDelivered(let message), .messageUnconfirmed(let message):
            return "\(style.paint(event.type, .green)) \(TerminalText.line(message.text))"
        case .messageFailed(let message):
            let reason = TerminalText.line(message.reason?.text ?? "")
            return "\(style.paint(event.type, .red)) \(reason) \(TerminalText.line(message.text))"
        case .presenceChanged(let change):
            let account = style.paint(TerminalText.line(change.account), .cyan)
            return "\(account) is \(TerminalText.line(change.status.text))"
        case .sessionState(let change):
            let words = TerminalText.line("\(change.state.text) \(change.reason?.text ?? "")")
            return "\(style.paint(event.type, .yellow)) \(words)"
        default:
            let data = TerminalText.line(String(decoding: event.data.bytes, as: UTF8.self))
            return "\(style.paint(TerminalText.line(event.type), .yellow)) \(data)"
        }
    }
}
