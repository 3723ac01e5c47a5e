/// The notice that the server will go down (protocol.md 10.5).
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
