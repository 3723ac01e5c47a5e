import Glibc
import Locking
import Loops
import TestSupport
import Testing

/// What a receiver got.
struct Received: Sendable {
    /// The request's first line.
    var line: String
    /// By names in lower case; the last value of each.
    var fields: [String: String]
    var body: [UInt8]
    /// The address that was connected to.
    var address: [UInt8]
    /// Which connection it came on, from 1.
    var connection: Int
}

/// One connection of a receiver, on a thread of its own.
struct Conversation: Sendable {
    let descriptor: Int32

    /// Whether all of it was taken.
    @discardableResult
    func say(_ text: String) -> Bool { say(Array(text.utf8)) }

    func say(_ bytes: [UInt8]) -> Bool {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            left = left.dropFirst(count)
        }
        return true
    }

    /// Returns when the other end has left, whatever it says until then.
    func waitForEnd() {
        var room = [UInt8](repeating: 0, count: 4_096)
        while recv(descriptor, &room, room.count, 0) > 0 {}
    }

    /// Says a byte, and another as long as the other end is there: some hundred each second.
    func drip() {
        while say("a") {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&waiting, 1, 10) > 0 { return }
        }
    }
}

/// A receiver of webhooks on loopback, which does with each request what a test wants.
final class Receiver: Sendable {
    /// What it does with a request; whether the connection goes on after it.
    typealias Script = @Sendable (Conversation, Received) -> Bool

    /// Says that it has the events.
    static let accepts: Script = { conversation, _ in
        conversation.say("HTTP/1.1 204 No Content\r\n\r\n")
        return true
    }

    let port: UInt16
    let requests = Recorder<Received>()
    /// Its connections that have ended, by their numbers.
    let ends = Recorder<Int>()
    private let descriptor: Int32
    private let open = Locked((now: 0, most: 0))

    /// How many requests it was busy with at one time.
    var mostAtOnce: Int { open.withLock { $0.most } }

    /// - Parameter address: where it listens: 4 or 16 bytes, all of them 0 for every address.
    init(_ address: [UInt8] = [127, 0, 0, 1], _ script: @escaping Script = Receiver.accepts) throws {
        let family = address.count == 4 ? AF_INET : AF_INET6
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        // What it can't get rid of is seen soon.
        var size: Int32 = 4_096
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        try #require(Self.bind(descriptor, address))
        // As many as there are: who finds no room in the queue is dropped or cut off, on a busy machine.
        try #require(listen(descriptor, SOMAXCONN) == 0)
        self.descriptor = descriptor
        port = try #require(Self.name(of: descriptor)).port
        try LoopThread.start("receiver") { [self] in accept(script) }
    }

    /// Ends the listening; connections end with their other ends.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func accept(_ script: @escaping Script) {
        var number = 0
        while true {
            let connection = Glibc.accept(descriptor, nil, nil)
            guard connection >= 0 else { break }
            number += 1
            let current = number
            do {
                try LoopThread.start("receiving") { [self] in serve(connection, current, script) }
            } catch {
                Glibc.close(connection)
            }
        }
        Glibc.close(descriptor)
    }

    private func serve(_ descriptor: Int32, _ number: Int, _ script: Script) {
        var rest: [UInt8] = []
        while let request = Self.request(descriptor, number, &rest) {
            open.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            requests.record(request)
            let goesOn = script(Conversation(descriptor: descriptor), request)
            open.withLock { $0.now -= 1 }
            guard goesOn else { break }
        }
        Glibc.close(descriptor)
        ends.record(number)
    }

    /// The next request; nil at the end.
    private static func request(_ descriptor: Int32, _ number: Int, _ bytes: inout [UInt8]) -> Received? {
        let blank = Array("\r\n\r\n".utf8)
        func read() -> Bool {
            var room = [UInt8](repeating: 0, count: 64 * 1024)
            let count = recv(descriptor, &room, room.count, 0)
            guard count > 0 else { return false }
            bytes += room[..<count]
            return true
        }
        var end = bytes.firstRange(of: blank)
        while end == nil {
            guard read() else { return nil }
            end = bytes.firstRange(of: blank)
        }
        guard let end else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let length = Int(fields["content-length"] ?? "") ?? 0
        while bytes.count < end.upperBound + length { guard read() else { return nil } }
        let body = Array(bytes[end.upperBound..<end.upperBound + length])
        bytes.removeFirst(end.upperBound + length)
        return Received(
            line: lines.first ?? "", fields: fields, body: body, address: name(of: descriptor)?.address ?? [],
            connection: number)
    }

    // MARK: Addresses

    private static func bind(_ descriptor: Int32, _ address: [UInt8]) -> Bool {
        if address.count == 4 {
            var v4 = sockaddr_in()
            v4.sin_family = sa_family_t(AF_INET)
            withUnsafeMutableBytes(of: &v4.sin_addr) { $0.copyBytes(from: address) }
            return lend(&v4) { Glibc.bind(descriptor, $0, $1) } == 0
        }
        var v6 = sockaddr_in6()
        v6.sin6_family = sa_family_t(AF_INET6)
        withUnsafeMutableBytes(of: &v6.sin6_addr) { $0.copyBytes(from: address) }
        return lend(&v6) { Glibc.bind(descriptor, $0, $1) } == 0
    }

    private static func lend<A>(_ address: inout A, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<A>.size)) }
        }
    }

    /// The own end of a socket.
    private static func name(of descriptor: Int32) -> (address: [UInt8], port: UInt16)? {
        var v6 = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        // Large enough for both families, which begin with the family and the port.
        let got = withUnsafeMutablePointer(to: &v6) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard got == 0 else { return nil }
        let port = UInt16(bigEndian: v6.sin6_port)
        return withUnsafeBytes(of: &v6) { bytes in
            bytes.load(as: sa_family_t.self) == sa_family_t(AF_INET)
                ? (Array(bytes[4..<8]), port) : (Array(bytes[8..<24]), port)
        }
    }
}
