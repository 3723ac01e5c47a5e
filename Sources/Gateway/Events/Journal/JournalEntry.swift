/// One event, encoded when it happened and never again.
struct JournalEntry: Sendable {
    let sequence: UInt64
    let type: EventType
    /// Uptime at which it happened, by which its age is measured: the time that it shows is for people, and jumps.
    let uptime: Duration
    private let text: EventText

    init(sequence: UInt64, type: EventType, uptime: Duration, text: EventText) {
        self.sequence = sequence
        self.type = type
        self.uptime = uptime
        self.text = text
    }

    init(sequence: UInt64, type: EventType, uptime: Duration, json: [UInt8]) {
        self.init(sequence: sequence, type: type, uptime: uptime, text: EventText(json))
    }

    /// The whole event as JSON.
    var json: [UInt8] { text.bytes }

    /// How many bytes that is.
    var size: Int { text.count }

    /// How many of them are kept for it alone.
    var own: Int { text.own }
}
