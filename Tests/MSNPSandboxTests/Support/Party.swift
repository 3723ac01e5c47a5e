import MSNP
import MSNPSandbox
import Testing

/// People who open, answer, use and leave conversations at random, and what each place there has been told.
struct Party {
    /// One connection to a switchboard.
    private struct Place {
        let user: String
        /// The party's own number, as nobody is told the session before the first call.
        let room: Int
        /// Everybody else there, as far as it has been said.
        var others: Set<String> = []
    }

    private static let users = ["alice", "bob", "carol", "dave"]
    private static let robot = "echo"

    private let stage: Stage
    private var notifications: [String: ConnectionID] = [:]
    private var places: [ConnectionID: Place] = [:]
    private var rooms: [String: Int] = [:]
    private var rings: [(user: String, session: String, cookie: String)] = []
    private var lastRoom = 0
    /// What has been seen to go wrong.
    private(set) var faults: [String] = []
    /// Messages that reached somebody.
    private(set) var heard = 0
    private(set) var largestRoom = 0

    init(_ stage: Stage) { self.stage = stage }

    var isOver: Bool { places.isEmpty }

    mutating func act(_ random: inout SplitMix) throws {
        let user = Self.users[Int.random(in: 0..<Self.users.count, using: &random)]
        guard let notification = notifications[user] else {
            notifications[user] = try stage.comeOnline(user)
            return read()
        }
        let place = places.keys.sorted { $0.number < $1.number }.randomElement(using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0: stage.disconnect(notification)
        case 1: stage.wait(.milliseconds(Int.random(in: 0...120_000, using: &random)))
        case 2:
            let struck: [Fault] = [.kick, .drop, .nak, .mail, .page, .alert, .refer, .malformed]
            _ = stage.order(struck[Int.random(in: 0..<struck.count, using: &random)], "\(user)@example.com")
        case 3..<13: try open(user, notification)
        case 13..<33: if let place { try call(place, &random) }
        case 33..<55: try answer(&random)
        case 55..<88: if let place { try talk(place, &random) }
        case 88..<92: if let place { record(try stage.say("OUT", place), at: place) }
        case 92..<95: if let place { leave(place) }
        case 95: if let place { record(try stage.say("CAL 1 nobody", place), at: place) }
        default:
            let lines = ["IMS 5 OFF", "IMS 5 ON", "IMS 5 ON", "CHG 5 HDN", "CHG 5 NLN", "CHG 5 NLN", "XFR 5 SB"]
            record(try stage.say(lines[Int.random(in: 0..<lines.count, using: &random)], notification), for: user)
        }
        read()
    }

    /// Everybody in a room has been told of everybody else there, and nobody is there twice.
    mutating func check() {
        read()
        for (room, people) in Dictionary(grouping: places.values, by: \.room) {
            let present = Set(people.map(\.user))
            largestRoom = max(largestRoom, present.count)
            if present.count != people.count { faults.append("somebody is twice in room \(room)") }
            let hasRobot = people.contains { $0.others.contains(Self.robot) }
            for place in people {
                let expected = present.subtracting([place.user]).union(hasRobot ? [Self.robot] : [])
                if place.others != expected {
                    faults.append("\(place.user) in room \(room) knows of \(place.others), not \(expected)")
                }
            }
        }
    }

    private mutating func open(_ user: String, _ notification: ConnectionID) throws {
        guard places.count < 12 else { return }
        let lines = try stage.say("XFR 5 SB", notification)
        record(lines, for: user)
        guard let words = lines.last?.split(separator: " "), words.first == "XFR", words.count == 6 else { return }
        let board = stage.connect(.switchboard)
        lastRoom += 1
        places[board] = Place(user: user, room: lastRoom)
        let entered = try stage.say("USR 1 \(user)@example.com \(words[5])", board)
        if entered.first?.hasPrefix("USR 1 OK ") != true { faults.append("a fresh cookie was refused") }
    }

    private mutating func call(_ place: ConnectionID, _ random: inout SplitMix) throws {
        let callee = (Self.users + [Self.robot])[Int.random(in: 0...Self.users.count, using: &random)]
        let lines = try stage.say("CAL 5 \(callee)@example.com", place)
        record(lines, at: place)
        guard let ringing = lines.first(where: { $0.hasPrefix("CAL 5 RINGING ") }), let seat = places[place] else {
            return
        }
        rooms[String(ringing.dropFirst("CAL 5 RINGING ".count))] = seat.room
    }

    private mutating func answer(_ random: inout SplitMix) throws {
        guard !rings.isEmpty else { return }
        // Some are answered twice, which the second time comes to nothing.
        let index = Int.random(in: 0..<rings.count, using: &random)
        let ring = rings[index]
        if Int.random(in: 0..<8, using: &random) != 0 { rings.remove(at: index) }
        guard let room = rooms[ring.session] else { return faults.append("a ring to an unknown room") }
        let board = stage.connect(.switchboard)
        let lines = try stage.say("ANS 5 \(ring.user)@example.com \(ring.cookie) \(ring.session)", board)
        guard lines.last == "ANS 5 OK" else {
            if lines != ["911 5", "* close"] { faults.append("an answer to ANS: \(lines)") }
            return
        }
        places[board] = Place(user: ring.user, room: room)
        record(lines, at: board)
    }

    /// Says something: whoever is there hears it once, and the speaker hears what became of it.
    private mutating func talk(_ place: ConnectionID, _ random: inout SplitMix) throws {
        guard let seat = places[place] else { return }
        let type = ["U", "N", "A"][Int.random(in: 0..<3, using: &random)]
        let text = String(repeating: "x", count: Int.random(in: 0...1_700, using: &random))
        let header = "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
        let lines = try stage.say("MSG 7 \(type)", payload: header + text, place)
        record(lines, at: place)
        guard header.utf8.count + text.utf8.count <= 1_664 else {
            if lines != ["* close"] { faults.append("a long message was answered with \(lines)") }
            return
        }
        let outcomes = lines.filter { $0 == "ACK 7" || $0 == "NAK 7" }
        let isDelivered = type == "A" ? outcomes == ["ACK 7"] : outcomes.isEmpty && !seat.others.isEmpty
        if outcomes.count != (type == "A" || (type == "N" && !isDelivered) ? 1 : 0) {
            faults.append("MSG \(type) was answered with \(outcomes)")
        }
        for (id, other) in places where other.room == seat.room && id != place {
            let copies = stage.take(id)
            record(copies, at: id)
            let count = copies.filter { $0.hasPrefix("MSG \(seat.user)@example.com ") }.count
            if count != (isDelivered ? 1 : 0) { faults.append("\(other.user) heard \(count) of one message") }
            heard += count
        }
    }

    private mutating func leave(_ place: ConnectionID) {
        stage.disconnect(place)
        places[place] = nil
    }

    private mutating func read() {
        for (user, id) in notifications {
            record(stage.take(id), for: user)
            // A connection that was closed from outside says nothing of it.
            if (try? stage.account(user))?.connection != id { notifications[user] = nil }
        }
        for id in places.keys { record(stage.take(id), at: id) }
    }

    private mutating func record(_ lines: [String], for user: String) {
        for line in lines where line.hasPrefix("RNG ") {
            let words = line.split(separator: " ").map(String.init)
            rings.append((user, words[1], words[4]))
        }
    }

    private mutating func record(_ lines: [String], at id: ConnectionID) {
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            func name(_ index: Int) -> String { String(words[index].prefix { $0 != "@" }) }
            switch words[0] {
            case "IRO": places[id]?.others.insert(name(4))
            case "JOI":
                if places[id]?.others.insert(name(1)).inserted == false { faults.append("twice: \(line)") }
            case "BYE":
                if places[id]?.others.remove(name(1)) == nil { faults.append("of a stranger: \(line)") }
            case "MSG":
                if places[id]?.others.contains(name(1)) == false { faults.append("from a stranger: \(line)") }
            case "*": places[id] = nil
            default: break
            }
        }
    }
}
