import MSNP
import MSNPClient

/// The data of an event of a trace: one frame, its secrets blanked.
struct TraceRecord: JSONObject, Sendable {
    let time: Timestamp
    /// `dispatch`, `notification` or `switchboard`.
    let connection: String
    /// Which of them.
    let number: Int
    /// The command line.
    let line: String
    /// Bytes.
    let payloadSize: Int?
    /// The payload's text, where it has one that may be shown.
    let payload: String?

    init(_ frame: Frame, _ direction: Direction, _ connection: WireConnection, at time: Timestamp) {
        let shown = BlankedFrame(frame, direction, onSwitchboard: connection.kind == .switchboard)
        self.time = time
        self.connection = connection.kind.rawValue
        number = connection.number
        line = shown.line
        payloadSize = shown.payloadSize
        payload = shown.payload
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("connection", connection)
        json.member("line", line)
        json.member("number", number)
        json.member("payload", payload)
        json.member("payloadSize", payloadSize)
        json.member("time", time)
    }
}
