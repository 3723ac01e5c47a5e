/// One connection to a switchboard as a value: what happened goes in, what to do comes out (docs/protocol.md#switchboards).
///
///     C: USR 1 alice@example.com 17262.1013928521.3692
///     S: USR 1 OK alice@example.com Alice
///     C: CAL 2 bob@example.com
///     S: CAL 2 RINGING 11752013
///     S: JOI bob@example.com Bob
///     C: MSG 3 A 75
///     S: ACK 3
package struct SwitchboardFlow: Sendable {
    enum Phase: Equatable, Sendable {
        case connecting
        case entering(TransactionID)
        case open
        /// `OUT` was sent.
        case leaving
        case ended
    }

    /// A person who was called and has not come yet.
    struct Call: Equatable, Sendable {
        let handle: Handle
        let transaction: TransactionID
        /// `RINGING` has come.
        var rings = false
    }

    let entrance: SwitchboardEntrance
    let ownHandle: String
    let ownKey: HandleKey
    let timeouts: ConversationTimeouts

    var phase = Phase.connecting
    var counter = TransactionCounter()
    /// By folded handle.
    var calls: [HandleKey: Call] = [:]
    var unacknowledged: [TransactionID: MessagePart] = [:]
    /// Everybody there but us, in the order in which they came.
    var present: [ListMember] = []
    /// The keys of `present`, so that each line that names somebody costs one look-up.
    var presentKeys: Set<HandleKey> = []
    var early: [SwitchboardReport] = []
    var assembly = MessageAssembly()
    /// Unused where the server copes with several commands at once.
    var pacing = CommandPacing<[SwitchboardAction]>()

    /// - Parameter ownHandle: in the server's spelling, on which switchboards insist (docs/protocol.md#calling).
    package init(_ entrance: SwitchboardEntrance, ownHandle: String, timeouts: ConversationTimeouts) {
        self.entrance = entrance
        self.ownHandle = ownHandle
        ownKey = Handle.fold(ownHandle)
        self.timeouts = timeouts
    }

    /// Whether somebody is there to receive messages.
    package var reachesSomebody: Bool { phase == .open && !present.isEmpty }

    /// Whether one more message may go out.
    package var hasRoom: Bool { unacknowledged.count < ConversationLimits.unacknowledged && pacing.isFree }

    /// Whether a message was sent and has no outcome yet.
    package var hasUnacknowledged: Bool { !unacknowledged.isEmpty }

    /// Whether nothing is under way, so that nothing is lost by leaving.
    package var isSilent: Bool { phase == .open && calls.isEmpty && unacknowledged.isEmpty }

    /// Whether we have left and only wait for the server to close.
    package var isLeaving: Bool { phase == .leaving }

    /// Whether somebody is there, us excepted.
    package func isPresent(_ folded: HandleKey) -> Bool { presentKeys.contains(folded) }

    /// Whether somebody was called and may still come.
    package func isCalling(_ folded: HandleKey) -> Bool { calls[folded] != nil }

    /// The first call: the connection is being made.
    package mutating func start() -> [SwitchboardAction] { [.start(.entering, timeouts.entering)] }

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
                return [.report(.dropped(command: frame.printableCommand))] + handleUnreadable(frame)
            }
            return [.report(.ignored(command: frame.printableCommand))] + handleUnreadable(frame)
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
        case (.pause, .open), (.pause, .entering): return sendNext()
        case (.assembly(let key), .open), (.assembly(let key), .entering): return giveUp(key)
        case (.goodbye, .leaving): return close()
        case (.entering, _), (.joining, _), (.idle, _), (.pause, _), (.assembly, _), (.goodbye, _): return []
        }
    }

    var entranceCommand: String {
        switch entrance {
        case .transfer: "USR"
        case .ring: "ANS"
        }
    }
}
