import FoundationEssentials

extension Timestamp {
    /// Reads a time as `text` writes it; nil for anything else.
    init?(parsing text: String) {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? Date(text, strategy: style) else { return nil }
        let timestamp = Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
        // A form that says the same in other words is not ours.
        guard timestamp.text == text else { return nil }
        self = timestamp
    }
}
