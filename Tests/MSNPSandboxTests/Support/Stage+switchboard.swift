import MSNP
import MSNPSandbox
import Testing

extension Stage {
    /// The cookie that an `XFR SB` brings.
    func cookie(_ id: ConnectionID) throws -> String {
        let lines = try say("XFR 90 SB", id)
        let words = try #require(lines.last { $0.hasPrefix("XFR 90 SB ") }).split(separator: " ")
        return String(try #require(words.last))
    }

    /// A room of somebody's own, with the connection that leads there.
    func openRoom(_ notification: ConnectionID, _ name: String) throws -> ConnectionID {
        let board = connect(.switchboard)
        let cookie = try cookie(notification)
        try #require(try say("USR 91 \(name)@example.com \(cookie)", board).first?.hasPrefix("USR 91 OK ") == true)
        return board
    }

    /// The last ring that somebody heard, and everything before it forgotten.
    func ring(_ id: ConnectionID) throws -> (session: String, cookie: String) {
        let line = try #require(take(id).last { $0.hasPrefix("RNG ") })
        let words = line.split(separator: " ").map(String.init)
        return (words[1], words[4])
    }

    /// Calls somebody into a room and lets them answer; what they hear on the way is forgotten.
    func call(
        _ name: String, _ notification: ConnectionID, from caller: ConnectionID
    ) throws -> ConnectionID {
        try #require(try say("CAL 92 \(name)@example.com", caller).last?.hasPrefix("CAL 92 RINGING ") == true)
        let ring = try ring(notification)
        let board = connect(.switchboard)
        let answer = try say("ANS 93 \(name)@example.com \(ring.cookie) \(ring.session)", board)
        try #require(answer.last == "ANS 93 OK")
        try #require(take(caller).last?.hasPrefix("JOI \(name)@example.com ") == true)
        return board
    }
}
