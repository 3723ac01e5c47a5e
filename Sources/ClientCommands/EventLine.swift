import FoundationEssentials
package import GatewayClient

/// An event as people read it, in one line.
package struct EventLine: Sendable {
    private let style: TerminalStyle

    package init(_ style: TerminalStyle) { self.style = style }

    /// The line, without its end.
    package func text(_ event: Event) -> String {
        let time = event.time.formatted(Date.ISO8601FormatStyle().time(includingFractionalSeconds: false))
        return "\(style.paint(time, .dim)) \(words(event))"
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
            return "\(style.paint(event.type, .red)) \(message.reason?.text ?? "") \(TerminalText.line(message.text))"
        case .presenceChanged(let change):
            return "\(style.paint(TerminalText.line(change.account), .cyan)) is \(change.status.text)"
        case .sessionState(let change):
            return "\(style.paint(event.type, .yellow)) \(change.state.text) \(change.reason?.text ?? "")"
        default:
            let data = TerminalText.line(String(decoding: event.data.bytes, as: UTF8.self))
            return "\(style.paint(TerminalText.line(event.type), .yellow)) \(data)"
        }
    }
}
