/// The notice that the server will go down (docs/protocol.md#system-messages).
struct MaintenanceMessage: Sendable {
    let minutes: Int

    var payload: [UInt8] {
        let lines = [
            "MIME-Version: 1.0", "Content-Type: application/x-msmsgssystemmessage", "", "Type: 1", "Arg1: \(minutes)",
            "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
