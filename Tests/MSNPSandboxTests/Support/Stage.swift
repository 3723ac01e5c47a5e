import MSNP
import MSNPSandbox
import Testing

/// A world and its clients, driven by what they say: `say` answers the lines that the speaker gets.
///
/// The end of a connection is the line `* close` or `* drop`.
final class Stage {
    var world: World
    var time = Duration.zero
    private var last: UInt64 = 0
    private var received: [ConnectionID: [String]] = [:]
    /// Payloads apart from their lines.
    private var payloads: [ConnectionID: [String]] = [:]

    init(_ change: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration()
        change(&configuration)
        world = World(configuration, startedAt: 1_726_321_960, random: SplitMix(seed: 1))
    }

    func connect(_ role: Role = .notification) -> ConnectionID {
        last += 1
        let id = ConnectionID(number: last)
        let addresses = Addresses(
            notification: ServerAddress(host: "10.0.0.5", port: 1863),
            switchboard: ServerAddress(host: "10.0.1.200", port: 1863))
        world.open(id, role, addresses, at: time)
        return id
    }

    func say(_ line: String, payload: String? = nil, _ id: ConnectionID) throws -> [String] {
        let header = payload.map { "\(line) \($0.utf8.count)" } ?? line
        var decoder = FrameDecoder(.fromClient)
        decoder.append(Array((header + "\r\n" + (payload ?? "")).utf8).span)
        while let frame = try decoder.next() { record(world.receive(frame, on: id, at: time)) }
        return take(id)
    }

    /// What a connection has got since it was last asked, nothing about payloads.
    func take(_ id: ConnectionID) -> [String] { received.removeValue(forKey: id) ?? [] }

    func takePayloads(_ id: ConnectionID) -> [String] { payloads.removeValue(forKey: id) ?? [] }

    func wait(_ duration: Duration) {
        time += duration
        record(world.advance(to: time))
    }

    func disconnect(_ id: ConnectionID) { record(world.closed(id, at: time)) }

    func order(_ fault: Fault, _ account: String? = nil, count: Int? = nil) -> Bool {
        let (affected, deliveries) = world.order(fault, account: account, count: count, at: time)
        record(deliveries)
        return affected
    }

    /// From `VER` to `USR OK`; what came is forgotten.
    func signIn(_ name: String, _ dialect: String = "MSNP6") throws -> ConnectionID {
        let id = connect()
        let answer = try identify(name, id, dialect)
        try #require(answer.first?.hasPrefix("USR 4 OK") == true)
        _ = takePayloads(id)
        return id
    }

    /// Signed in and online; what came is forgotten.
    func comeOnline(
        _ name: String, _ status: String = "NLN", _ dialect: String = "MSNP6"
    ) throws -> ConnectionID {
        let id = try signIn(name, dialect)
        try #require(try say("CHG 5 \(status)", id).first == "CHG 5 \(status)")
        _ = takePayloads(id)
        return id
    }

    /// Says everything up to the password and answers what came of that.
    func identify(
        _ name: String, _ id: ConnectionID, _ dialect: String = "MSNP6", password: String = "sandbox"
    ) throws -> [String] {
        _ = try say("VER 1 \(dialect) CVR0", id)
        _ = try say("INF 2", id)
        let line = try #require(try say("USR 3 MD5 I \(name)@example.com", id).first)
        let challenge = try #require(line.split(separator: " ").last)
        return try say("USR 4 MD5 S \(digest(String(challenge), password))", id)
    }

    func record(_ deliveries: [Delivery]) {
        for delivery in deliveries {
            let id = delivery.connection
            switch delivery.action {
            case .send(let frame):
                let bytes = String(decoding: frame.encoded(), as: UTF8.self)
                let line = String(bytes.prefix { !$0.isNewline })
                // What goes out comes in as it was meant: nothing in it needed an escape that nobody made.
                var decoder = FrameDecoder(.fromServer)
                decoder.append(frame.encoded().span)
                #expect((try? decoder.next()) == frame, "\(line)")
                received[id, default: []].append(line)
                if let payload = frame.payload {
                    payloads[id, default: []].append(String(decoding: payload, as: UTF8.self))
                }
            case .sendBytes(let bytes): received[id, default: []].append("* \(bytes.count) bytes")
            case .close: received[id, default: []].append("* close")
            case .drop: received[id, default: []].append("* drop")
            }
        }
    }

    func account(_ name: String) throws -> Account { world[try id(name)] }

    func id(_ name: String) throws -> AccountID {
        try #require(world.account(named: "\(name)@example.com"))
    }

    /// The handles' local parts on a list, in order.
    func names(_ name: String, on list: ListName) throws -> [String] {
        try account(name).lists[list].ordered.map { String(world[$0].handle.prefix { $0 != "@" }) }
    }
}
