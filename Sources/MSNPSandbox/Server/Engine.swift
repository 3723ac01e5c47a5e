import Glibc
import MSNP
import NIOCore

/// Carries out on channels what a `World` says, and tells it the time.
///
/// Everything happens on one event loop, which is what makes the world and the table of channels safe to share.
final class Engine {
    /// The ports that referrals name; set before the first client can connect to the dispatch server.
    var notificationPort: UInt16 = 0
    var switchboardPort: UInt16 = 0

    private let loop: any EventLoop
    private let limits: Limits
    private let started = NIODeadline.now()
    private var world: World
    /// All open channels, those that the world has already ended included.
    private var channels: [ConnectionID: any Channel] = [:]
    // Not timers of the event loop: cancelling one of those searches all the others.
    /// Connections that we have ended and that get closed whole.
    private var closesDue = Deadlines<ConnectionID>()
    /// Connections whose silence is looked at.
    private var idlesDue = Deadlines<ConnectionID>()
    /// Connections that have said something since their silence was looked at last.
    private var talkative: Set<ConnectionID> = []
    private var lastNumber: UInt64 = 0
    private var timer: (due: Duration, task: Scheduled<Void>)?
    private var isShutDown = false

    init(_ configuration: Configuration, loop: any EventLoop) {
        self.loop = loop
        limits = configuration.limits
        world = World(configuration, startedAt: Int64(time(nil)))
    }

    private var now: Duration { .nanoseconds((NIODeadline.now() - started).nanoseconds) }

    /// Takes a new connection in, or nil where there is no room for it.
    func open(_ channel: any Channel, _ role: Role) -> ConnectionID? {
        guard !isShutDown, channels.count < limits.connections,
            let host = channel.localAddress?.ipAddress.map(Self.plain)
        else { return nil }
        lastNumber += 1
        let id = ConnectionID(number: lastNumber)
        channels[id] = channel
        let addresses = Addresses(
            notification: ServerAddress(host: host, port: notificationPort),
            switchboard: ServerAddress(host: host, port: switchboardPort))
        world.open(id, role, addresses, at: now)
        // Who only listens in a conversation is not idle; the world ends rooms in which nobody talks.
        if role != .switchboard { idlesDue.append(id, due: now + limits.idleTime) }
        armTimer()
        return id
    }

    /// A listener on `::` shows IPv4 clients' addresses in IPv6 form; such a client can only dial the plain one.
    private static func plain(_ host: String) -> String {
        let prefix = "::ffff:"
        return host.hasPrefix(prefix) && host.contains(".") ? String(host.dropFirst(prefix.count)) : host
    }

    /// Whole commands of one read, whose answers go out in one write.
    func receive(_ frames: [Frame], on id: ConnectionID) {
        talkative.insert(id)
        var deliveries: [Delivery] = []
        for frame in frames { deliveries += world.receive(frame, on: id, at: now) }
        carryOut(deliveries)
    }

    func abort(_ id: ConnectionID) { carryOut(world.abort(id, at: now)) }

    func closed(_ id: ConnectionID) {
        channels[id] = nil
        talkative.remove(id)
        carryOut(world.closed(id, at: now))
    }

    func order(_ fault: Fault, account: String?, count: Int?) -> Bool {
        let (affected, deliveries) = world.order(fault, account: account, count: count, at: now)
        carryOut(deliveries)
        return affected
    }

    func edit(_ edit: ListEdit, of account: String) -> Bool {
        let (changed, deliveries) = world.edit(edit, of: account, at: now)
        carryOut(deliveries)
        return changed
    }

    /// What an account has now; nil for a stranger.
    func account(_ handle: String) -> AccountState? {
        world.account(named: handle).map { AccountState($0, in: world) }
    }

    /// Ends everything; the future succeeds when the last channel is closed.
    func shutdown() -> EventLoopFuture<Void> {
        isShutDown = true
        _ = order(.shutdown, account: nil, count: nil)
        let remaining = channels
        for (id, channel) in remaining {
            closesDue.append(id, due: now + limits.closeTime)
            // Comes after everything that waits to be written.
            channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
        }
        armTimer()
        return .andAllComplete(remaining.values.map(\.closeFuture), on: loop)
    }

    private func carryOut(_ deliveries: [Delivery]) {
        var writes: [ConnectionID: ByteBuffer] = [:]
        for delivery in deliveries {
            let id = delivery.connection
            guard let channel = channels[id] else { continue }
            switch delivery.action {
            case .send(let frame): writes[id, default: ByteBuffer()].writeBytes(frame.encoded())
            case .sendBytes(let bytes): writes[id, default: ByteBuffer()].writeBytes(bytes)
            case .close:
                finish(id, channel, after: writes.removeValue(forKey: id) ?? ByteBuffer())
            case .drop:
                channel.writeAndFlush(writes.removeValue(forKey: id) ?? ByteBuffer(), promise: nil)
                channel.close(promise: nil)
            }
        }
        for (id, bytes) in writes { channels[id]?.writeAndFlush(bytes, promise: nil) }
        armTimer()
    }

    /// Closes our side once the last bytes are out, then waits a while for the client to close its own.
    ///
    /// Closing both at once while the client still sends would make the kernel reset the connection, and with it
    /// take back an error that the client has not read yet.
    private func finish(_ id: ConnectionID, _ channel: any Channel, after bytes: ByteBuffer) {
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(mode: .output, promise: nil) }
        closesDue.append(id, due: now + limits.closeTime)
    }

    private func advance() {
        while let id = closesDue.popDue(at: now) { channels[id]?.close(promise: nil) }
        while let id = idlesDue.popDue(at: now) {
            guard channels[id] != nil else { continue }
            if talkative.remove(id) == nil {
                abort(id)
            } else {
                idlesDue.append(id, due: now + limits.idleTime)
            }
        }
        carryOut(world.advance(to: now))
    }

    private func armTimer() {
        // Nobody is waited for any more.
        if isShutDown, channels.isEmpty {
            timer?.task.cancel()
            timer = nil
            return
        }
        guard let due = [world.nextDeadline, closesDue.next, idlesDue.next].compactMap(\.self).min() else { return }
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let task = loop.assumeIsolated().scheduleTask(in: TimeAmount(max(.zero, due - now))) { [weak self] in
            guard let self else { return }
            timer = nil
            advance()
        }
        timer = (due, task)
    }
}
