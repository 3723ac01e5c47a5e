/// One connection to a switchboard as a value: what happened goes in, what to do comes out (protocol.md 8).
///
///     C: USR 1 alice@example.com 17262.1013928521.3692
///     S: USR 1 OK alice@example.com Alice
///     C: CAL 2 bob@example.com
///     S: CAL 2 RINGING 11752013
///     S: JOI bob@example.com Bob
///     C: MSG 3 A 75
///     S: ACK 3
package struct SwitchboardFlow: Sendable {
    private enum Phase: Equatable, Sendable {
        case connecting
        case entering(TransactionID)
        case open
        /// `OUT` was sent.
        case leaving
        case ended
    }

    /// Somebody who was called and has not come yet.
    private struct Call: Equatable, Sendable {
        let handle: Handle
        let transaction: TransactionID
        /// `RINGING` has come.
        var rings = false
    }

    private let entrance: SwitchboardEntrance
    private let ownHandle: String
    private let ownKey: HandleKey
    private let timeouts: ConversationTimeouts

    private var phase = Phase.connecting
    private var counter = TransactionCounter()
    /// By folded handle.
    private var calls: [HandleKey: Call] = [:]
    private var unacknowledged: [TransactionID: MessagePart] = [:]
    /// In the order in which they came: everybody there but us.
    private(set) var present: [ListMember] = []
    /// Those of `present`, so that each line that names somebody costs one look-up.
    private var presentKeys: Set<HandleKey> = []
    private var early: [SwitchboardReport] = []
    private var assembly = MessageAssembly()
    /// Unused where the server copes with several commands at once.
    private var pacing = CommandPacing<[SwitchboardAction]>()

    /// - Parameter ownHandle: in the server's spelling, on which switchboards insist (protocol.md 8.1).
    package init(_ entrance: SwitchboardEntrance, ownHandle: String, timeouts: ConversationTimeouts) {
        self.entrance = entrance
        self.ownHandle = ownHandle
        ownKey = Handle.fold(ownHandle)
        self.timeouts = timeouts
    }

    /// Whether messages sent now reach somebody.
    package var reachesSomebody: Bool { phase == .open && !present.isEmpty }

    /// Whether one more message may go out.
    package var hasRoom: Bool { unacknowledged.count < ConversationLimits.unacknowledged && pacing.isFree }

    /// Whether something went out whose fate is not known.
    package var hasUnacknowledged: Bool { !unacknowledged.isEmpty }

    /// Whether nothing is under way there, so that nothing is lost by leaving it.
    package var isSilent: Bool { phase == .open && calls.isEmpty && unacknowledged.isEmpty }

    /// Whether it is left and only waits for the server to close.
    package var isLeaving: Bool { phase == .leaving }

    package func isPresent(_ folded: HandleKey) -> Bool { presentKeys.contains(folded) }

    /// Whether somebody was called and may still come.
    package func isCalling(_ folded: HandleKey) -> Bool { calls[folded] != nil }

    // MARK: - What is wanted

    /// The first call: the connection is being made.
    package mutating func start() -> [SwitchboardAction] { [.start(.entering, timeouts.entering)] }

    /// Calls somebody, unless they are there or were called already; only once we are in.
    ///
    /// - Parameter patience: how long to wait for their `JOI`.
    package mutating func call(_ handle: Handle, patience: Duration) -> [SwitchboardAction] {
        guard phase == .open, calls[handle.folded] == nil, !isPresent(handle.folded) else { return [] }
        let transaction = counter.next()
        calls[handle.folded] = Call(handle: handle, transaction: transaction)
        return say(
            .call(transaction, handle: handle.spelling), transaction, [.start(.joining(handle.folded), patience)])
    }

    /// Sends a text, of which `settled` will tell; only while it reaches somebody and there is room.
    ///
    /// - Parameter patience: how long to wait for the `ACK`.
    package mutating func send(_ part: MessagePart, patience: Duration) -> [SwitchboardAction] {
        guard reachesSomebody, hasRoom else { return [] }
        let transaction = counter.next()
        unacknowledged[transaction] = part
        return say(
            .message(transaction, .always, Redacted(part.text.payload)), transaction,
            [.start(.acknowledgement(transaction), patience), .start(.idle, timeouts.idle)])
    }

    /// Sends what nobody has to acknowledge; with `.none`, which means that it can be done without, only where it need not wait.
    package mutating func send(
        _ payload: [UInt8], _ acknowledgement: Acknowledgement
    ) -> [SwitchboardAction] {
        guard reachesSomebody, pacing.isFree || acknowledgement != .none && !pacing.isFull else { return [] }
        let transaction = counter.next()
        return say(.message(transaction, acknowledgement, Redacted(payload)), transaction)
    }

    /// Sends a command when its turn has come, and does then what goes with it.
    private mutating func say(
        _ command: SwitchboardClientCommand, _ transaction: TransactionID, _ then: [SwitchboardAction] = []
    ) -> [SwitchboardAction] {
        let actions = [.send(command)] + then
        guard let pause = timeouts.pause else { return actions }
        return pacing.admits(actions, transaction) ? actions + [.start(.pause, pause)] : []
    }

    /// The next command's turn: the last one was answered, or the pause after it is over.
    private mutating func goOn() -> [SwitchboardAction] {
        guard let pause = timeouts.pause, !pacing.isFree else { return [] }
        if let next = pacing.next() { return next + [.start(.pause, pause)] }
        return [.cancel(.pause)] + (phase == .open ? [.report(.free)] : [])
    }

    /// What comes of an answer, and then the next command's turn.
    ///
    /// The pause ends before what comes of the answer, which may lead to the next command and its pause; what waits is told
    /// after it, as a refusal may take it back.
    private mutating func answered(
        _ transaction: TransactionID, _ body: (inout SwitchboardFlow) -> [SwitchboardAction] = { _ in [] }
    ) -> [SwitchboardAction] {
        guard pacing.isAnswered(by: transaction) else { return body(&self) }
        let freed = goOn()
        let pauses = freed.prefix { $0 == .cancel(.pause) }
        let actions = body(&self)
        return pauses + actions + (phase == .open ? freed.dropFirst(pauses.count) : [])
    }

    /// Leaves; nobody is told anything any more, but of what was under way.
    package mutating func leave() -> [SwitchboardAction] {
        switch phase {
        case .connecting: return end(nil)
        case .entering, .open:
            let reports = assembly.waiting.flatMap { giveUp($0) } + settleAll()
            phase = .leaving
            let calling = calls.keys.sorted().map { SwitchboardAction.cancel(.joining($0)) }
            calls = [:]
            if timeouts.pause != nil { pacing = CommandPacing() }
            return reports + calling + (timeouts.pause == nil ? [] : [.cancel(.pause)]) + [
                .cancel(.entering), .cancel(.idle), .report(.ended(nil)), .send(.leave),
                .start(.goodbye, timeouts.goodbye),
            ]
        case .leaving, .ended: return []
        }
    }

    // MARK: - What happens

    /// The connection is up.
    package mutating func connected() -> [SwitchboardAction] {
        guard phase == .connecting else { return [] }
        let transaction = counter.next()
        phase = .entering(transaction)
        switch entrance {
        case .transfer(let cookie):
            return say(.enter(transaction, handle: ownHandle, cookie: cookie), transaction)
        case .ring(let cookie, let session):
            return say(.answer(transaction, handle: ownHandle, cookie: cookie, session: session), transaction)
        }
    }

    /// No connection could be made.
    package mutating func connectFailed(_ reason: UnreachableReason) -> [SwitchboardAction] {
        phase == .connecting ? end(.unreachable(reason)) : []
    }

    /// The server closed, the network did, or what came can't be followed.
    package mutating func disconnected() -> [SwitchboardAction] {
        switch phase {
        case .connecting, .ended: []
        case .entering: end(.unreachable(.closed))
        case .open: end(.connectionLost)
        case .leaving: close()
        }
    }

    /// A whole frame came.
    package mutating func received(_ frame: Frame) -> [SwitchboardAction] {
        guard phase != .ended, phase != .leaving, phase != .connecting else { return [] }
        do {
            return take(try SwitchboardServerCommand(parsing: frame))
        } catch {
            if case .tooLong = error {
                return [.report(.dropped(command: frame.printableCommand))] + senseless(frame)
            }
            return [.report(.ignored(command: frame.printableCommand))] + senseless(frame)
        }
    }

    /// What was meant as the answer to a command can't be one, and ends what waits for it.
    private mutating func senseless(_ frame: Frame) -> [SwitchboardAction] {
        guard let transaction = frame.parameters.first.flatMap(TransactionID.init(parsing:)) else { return [] }
        func failure(_ command: String) -> MessageFailure {
            .nonsense(
                command: command, line: BlankedFrame(frame, .fromServer, onSwitchboard: true).excerpt)
        }
        switch phase {
        case .entering(transaction) where frame.isAnswer(to: entranceCommand): return end(failure(entranceCommand))
        case .open where frame.isAnswer(to: "CAL"):
            guard let (folded, call) = calls.first(where: { $0.value.transaction == transaction }) else { return [] }
            calls[folded] = nil
            return [.cancel(.joining(folded)), .report(.unreached(call.handle, failure("CAL")))] + leaveIfEmpty()
        case .connecting, .entering, .open, .leaving, .ended: return []
        }
    }

    /// A timer that was started is up.
    package mutating func timerFired(_ timer: SwitchboardTimer) -> [SwitchboardAction] {
        switch (timer, phase) {
        case (.entering, .connecting): return end(.unreachable(.timedOut))
        // As if nobody were there: what answers where a referral leads is not the backend's to learn.
        case (.entering, .entering): return end(.unreachable(.silent))
        case (.joining(let folded), .open):
            guard let call = calls.removeValue(forKey: folded) else { return [] }
            let failure: MessageFailure = call.rings ? .notJoined : .timedOut(command: "CAL")
            return [.report(.unreached(call.handle, failure))] + leaveIfEmpty()
        case (.acknowledgement(let transaction), _): return settle(transaction, .ignored)
        case (.idle, .open):
            // Somebody who is still being called, or an answer that is still due, will say when it is over.
            guard calls.isEmpty, unacknowledged.isEmpty else { return [.start(.idle, timeouts.idle)] }
            return leave()
        case (.pause, .open), (.pause, .entering): return goOn()
        case (.assembly(let key), .open), (.assembly(let key), .entering): return giveUp(key)
        case (.goodbye, .leaving): return close()
        case (.entering, _), (.joining, _), (.idle, _), (.pause, _), (.assembly, _), (.goodbye, _): return []
        }
    }

    // MARK: - What the server says

    private var entranceCommand: String {
        switch entrance {
        case .transfer: "USR"
        case .ring: "ANS"
        }
    }

    private mutating func take(_ command: SwitchboardServerCommand) -> [SwitchboardAction] {
        switch (command, phase) {
        case (.entered(let transaction, _), .entering(let awaited)),
            (.answered(let transaction), .entering(let awaited)):
            guard transaction == awaited else { return [] }
            return answered(awaited) { flow in
                flow.phase = .open
                let waiting = flow.early
                flow.early = []
                return [
                    .cancel(.entering), .start(.idle, flow.timeouts.idle), .report(.entered(present: flow.present)),
                ] + waiting.map(SwitchboardAction.report)
            }
        case (.present(_, _, _, let member), _), (.joined(let member), _): return joined(member)
        case (.left(let handle, let idle), _): return left(handle, idle)
        case (.ringing(let transaction, _), _):
            for (folded, call) in calls where call.transaction == transaction { calls[folded]?.rings = true }
            return answered(transaction)
        case (.message(let sender, let payload), _):
            guard !isOwn(sender.handle) else { return [] }
            return received(MIMEPayload(parsing: payload.value), from: sender)
                + (phase == .open ? [.start(.idle, timeouts.idle)] : [])
        case (.acknowledged(let transaction), _): return answered(transaction) { $0.settle(transaction, .delivered) }
        case (.notDelivered(let transaction), _): return answered(transaction) { $0.settle(transaction, .notDelivered) }
        case (.signedOut, _): return end(phase == .open ? nil : .unreachable(.closed))
        case (.error(let code, let transaction), _):
            guard let transaction else { return refused(code, nil) }
            return answered(transaction) { $0.refused(code, transaction) }
        case (.entered, _), (.answered, _): return []
        }
    }

    private func isOwn(_ handle: String) -> Bool { Handle.fold(handle) == ownKey }

    /// Some servers tell of everybody, ourselves included, and before we are in (protocol.md 21.1).
    private mutating func joined(_ member: ListMember) -> [SwitchboardAction] {
        let folded = Handle.fold(member.handle)
        guard folded != ownKey, !isPresent(folded) else { return [] }
        // A server that sends people in without end is not followed.
        guard present.count < ConversationLimits.present else { return [] }
        let wasCalled = calls.removeValue(forKey: folded) != nil
        present.append(member)
        presentKeys.insert(folded)
        let stop: [SwitchboardAction] = wasCalled ? [.cancel(.joining(folded))] : []
        return phase == .open ? stop + [.report(.joined(member))] : stop
    }

    private mutating func left(_ handle: String, _ idle: Bool) -> [SwitchboardAction] {
        let folded = Handle.fold(handle)
        guard presentKeys.remove(folded) != nil,
            let index = present.firstIndex(where: { Handle.fold($0.handle) == folded })
        else { return [] }
        let member = present.remove(at: index)
        guard phase == .open else { return [] }
        return [.report(.left(handle: member.handle, idle: idle))] + leaveIfEmpty()
    }

    private mutating func tell(_ report: SwitchboardReport) -> [SwitchboardAction] {
        guard phase != .open else { return [.report(report)] }
        if early.count < ConversationLimits.earlyMessages { early.append(report) }
        return []
    }

    private mutating func received(_ payload: MIMEPayload, from sender: ListMember) -> [SwitchboardAction] {
        switch assembly.take(payload, from: sender) {
        case .whole(let whole, let key):
            return (key.map { [.cancel(.assembly($0))] } ?? []) + tell(.received(from: sender, whole))
        case .waits(let key, _): return [.start(.assembly(key), timeouts.assembly)]
        case .stray: return phase == .open ? [.report(.ignored(command: "MSG"))] : []
        }
    }

    /// The rest of a message in several pieces does not come: what has come is told.
    private mutating func giveUp(_ key: MessageAssembly.Key) -> [SwitchboardAction] {
        guard let (member, payload) = assembly.giveUp(key) else { return [] }
        return [.cancel(.assembly(key))] + tell(.received(from: member, payload))
    }

    private mutating func refused(_ code: ErrorCode, _ transaction: TransactionID?) -> [SwitchboardAction] {
        if case .entering(let awaited) = phase {
            // An error may lack its transaction (protocol.md 1.3); then it may be any server's that knows other commands.
            guard let transaction else { return end(.unreachable(.closed)) }
            guard transaction == awaited else { return [] }
            return end(.refused(code, command: entranceCommand))
        }
        guard let transaction else { return [] }
        if unacknowledged[transaction] != nil { return settle(transaction, .notDelivered) }
        guard let (folded, call) = calls.first(where: { $0.value.transaction == transaction }) else { return [] }
        // Already there or already called: they come, or the wait for them is over some time.
        guard code != 215 else { return [] }
        calls[folded] = nil
        return [.cancel(.joining(folded)), .report(.unreached(call.handle, MessageFailure(call: code)))]
            + leaveIfEmpty()
    }

    private mutating func settle(_ transaction: TransactionID, _ outcome: PartOutcome) -> [SwitchboardAction] {
        guard let part = unacknowledged.removeValue(forKey: transaction) else { return [] }
        return [.cancel(.acknowledgement(transaction)), .report(.settled(part, outcome))] + leaveIfEmpty()
    }

    /// Nobody will say anything about them any more; in the order in which they went out.
    private mutating func settleAll() -> [SwitchboardAction] {
        defer { unacknowledged = [:] }
        return unacknowledged.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { transaction, part in
            [.cancel(.acknowledgement(transaction)), .report(.settled(part, .unknown))]
        }
    }

    /// Alone in a room, with nobody on the way, there is nothing to stay for (protocol.md 8.3).
    private mutating func leaveIfEmpty() -> [SwitchboardAction] {
        guard phase == .open, present.isEmpty, calls.isEmpty, unacknowledged.isEmpty else { return [] }
        return leave()
    }

    private mutating func end(_ failure: MessageFailure?) -> [SwitchboardAction] {
        let reports = assembly.waiting.flatMap { giveUp($0) } + settleAll()
        return reports + [.report(.ended(failure))] + close()
    }

    private mutating func close() -> [SwitchboardAction] {
        let timers =
            [SwitchboardTimer.entering, .idle, .goodbye] + (timeouts.pause == nil ? [] : [.pause])
            + calls.keys.sorted().map { .joining($0) }
        phase = .ended
        present = []
        presentKeys = []
        calls = [:]
        early = []
        return timers.map(SwitchboardAction.cancel) + [.close]
    }
}

extension MessageFailure {
    /// What an error in answer to `CAL` means (protocol.md 8.4).
    init(call code: ErrorCode) {
        switch code {
        case 208, 216, 217: self = .contactOffline(code)
        case 713, 800: self = .tooActive(code, command: "CAL")
        case 913: self = .appearingOffline(command: "CAL")
        default: self = .refused(code, command: "CAL")
        }
    }

    /// What a failed `XFR SB` means.
    init(transfer failure: RequestFailure) {
        switch failure {
        case .refused(913, let command): self = .appearingOffline(command: command)
        case .refused(let code, let command) where code == 713 || code == 800: self = .tooActive(code, command: command)
        case .refused(let code, let command): self = .refused(code, command: command)
        case .nonsense(let command, let line): self = .nonsense(command: command, line: line)
        case .timedOut(let command): self = .timedOut(command: command)
        case .notSupported(let command): self = .notSupported(command: command)
        case .interrupted: self = .connectionLost
        case .notOnline(let state): self = .notOnline(state)
        }
    }
}
