import CCurl
import Curl
import DequeModule
import Glibc
import Loops

/// All attempts of a transport, on its thread.
///
/// An attempt waits for its turn, then for its name, then for libcurl. Its time begins with its turn.
final class CurlThread {
    /// Milliseconds that are waited for something to do: nothing happens by itself.
    private static let idle: Int64 = 3_600_000

    private let options: CurlOptions
    private let names: any NameResolving
    private let time: @Sendable () -> Int64
    private let mailbox: CurlMailbox
    private let multi: CurlMulti

    /// Those whose turn has not come.
    private var waiting: Deque<CurlAttempt> = []
    /// Those whose turn it is.
    private var transfers: [UInt64: CurlTransfer] = [:]
    /// Of these, those whose name is being looked up, by that look-up.
    private var unnamed: [KnownNames.LookUp: [UInt64]] = [:]
    /// The same, and others, in the order of their deadlines.
    private var deadlines: Deque<(id: UInt64, deadline: Int64)> = []
    /// Those that libcurl has, by the key of their handles.
    private var running: [UInt: CurlTransfer] = [:]
    private var known: KnownNames

    init(
        _ options: CurlOptions, names: any NameResolving, time: @escaping @Sendable () -> Int64, mailbox: CurlMailbox,
        multi: CurlMulti
    ) {
        self.options = options
        self.names = names
        self.time = time
        self.mailbox = mailbox
        self.multi = multi
        known = KnownNames(lifetime: Self.nanoseconds(options.namesKept))
    }

    /// The thread's life, until the transport is closed.
    func run() {
        // A peer that is gone is an error of one connection. The TLS library writes without a flag that says so.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            for order in mailbox.take() {
                switch order {
                case .begin(let attempt): waiting.append(attempt)
                case .cancel(let id): cancel(id)
                case .found(let addresses, let lookUp): found(addresses, of: lookUp)
                case .close: return close()
                }
            }
            multi.perform()
            while let (key, result) = multi.finished() { finish(key, result) }
            expire()
            while transfers.count < options.mostAttempts, let attempt = waiting.popFirst() { begin(attempt) }
            multi.wait(milliseconds: wait)
        }
    }

    private var now: Int64 { MonotonicTime.nanoseconds }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// Milliseconds until the next look-up takes too long, rounded up; what libcurl waits for it knows itself.
    private var wait: Int32 {
        let left = deadlines.first.map { max(0, $0.deadline - now + 999_999) / 1_000_000 }
        return Int32(clamping: min(left ?? Self.idle, Self.idle))
    }

    // MARK: Beginning

    private func begin(_ attempt: CurlAttempt) {
        let transfer = CurlTransfer(
            attempt, policy: mailbox.policy, deadline: now + Self.nanoseconds(options.timeout),
            longestAnswer: options.longestAnswer)
        transfers[attempt.id] = transfer
        let url = transfer.url
        guard transfer.policy.refusal(of: url) == nil else { return refuse(transfer) }
        if let literal = url.address { return connect(transfer, to: [literal]) }
        if options.proxy != nil { return open(transfer, nil) }
        let lookUp = transfer.lookUp
        switch known.ask(lookUp, at: now) {
        case .known(let addresses): connect(transfer, to: addresses)
        case .full: end(transfer, .failed(.unavailable))
        case .wait: waitForName(transfer)
        case .lookUp:
            waitForName(transfer)
            let (names, mailbox) = (names, mailbox)
            Task { mailbox.found(await names.addresses(of: lookUp.host, for: lookUp.key), of: lookUp) }
        }
    }

    private func refuse(_ transfer: CurlTransfer) { end(transfer, .failed(.addressRefused)) }

    private func waitForName(_ transfer: CurlTransfer) {
        unnamed[transfer.lookUp, default: []].append(transfer.attempt.id)
        deadlines.append((transfer.attempt.id, transfer.deadline))
    }

    private func found(_ addresses: [[UInt8]], of lookUp: KnownNames.LookUp) {
        known.found(addresses, of: lookUp, at: now)
        for id in unnamed.removeValue(forKey: lookUp) ?? [] {
            guard let transfer = transfers[id] else { continue }
            if addresses.isEmpty {
                end(transfer, .failed(.nameNotFound))
            } else {
                connect(transfer, to: addresses)
            }
        }
    }

    /// Goes on with all addresses of a host, if each of them is allowed: whoever names one that is not has something in mind.
    private func connect(_ transfer: CurlTransfer, to addresses: [[UInt8]]) {
        guard addresses.allSatisfy({ transfer.policy.refusal(of: $0, for: transfer.url) == nil }) else {
            return refuse(transfer)
        }
        open(transfer, options.proxy == nil ? addresses : nil)
    }

    private func open(_ transfer: CurlTransfer, _ addresses: [[UInt8]]?) {
        take(transfer, isOpen: transfer.open(addresses, options, at: now))
    }

    private func take(_ transfer: CurlTransfer, isOpen: Bool) {
        guard isOpen, let easy = transfer.easy, multi.add(easy) else { return end(transfer, .failed(.unavailable)) }
        running[easy.key] = transfer
    }

    // MARK: Ending

    private func finish(_ key: UInt, _ result: CURLcode) {
        guard let transfer = running.removeValue(forKey: key), let easy = transfer.easy else { return }
        multi.remove(easy)
        if transfer.isStale, !transfer.isFresh {
            take(transfer, isOpen: transfer.reopen(options, at: now))
        } else {
            end(transfer, transfer.outcome(result, at: time()))
        }
    }

    /// Ends those whose name was not there in time.
    private func expire() {
        while let (id, deadline) = deadlines.first {
            if let transfer = transfers[id], transfer.easy == nil {
                guard deadline <= now else { return }
                end(transfer, .failed(.timedOut))
            }
            deadlines.removeFirst()
        }
    }

    private func cancel(_ id: UInt64) {
        if let transfer = transfers[id] {
            end(transfer, .cancelled)
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).ending.resume(returning: .cancelled)
        }
    }

    private func end(_ transfer: CurlTransfer, _ outcome: WebhookOutcome) {
        transfers[transfer.attempt.id] = nil
        if let easy = transfer.easy, running.removeValue(forKey: easy.key) != nil { multi.remove(easy) }
        transfer.close()
        transfer.attempt.ending.resume(returning: outcome)
    }

    private func close() {
        for transfer in transfers.values { end(transfer, .cancelled) }
        for attempt in waiting { attempt.ending.resume(returning: .cancelled) }
        waiting = []
        mailbox.end()
    }
}
