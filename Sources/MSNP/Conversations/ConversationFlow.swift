/// The conversations of one session as a value: what happened goes in, what to do comes out
/// (docs/architecture.md#conversations).
///
/// A conversation is one in a person's sense. It has switchboards below it, each a `SwitchboardFlow`: several with the
/// same person, or none while nobody speaks. The caller carries the actions out in order, keeps the timers and the
/// connections, and reports everything that happens.
///
/// Each conversation has a queue of messages. They wait until everybody in the conversation is on one switchboard, and
/// then go out in order, on that switchboard for as long as something there is unanswered.
package struct ConversationFlow: Sendable {
    struct Switchboard: Sendable {
        /// Nil for a call to us while it is not known who is there.
        var conversation: ConversationID?
        /// Nil until the notification server has said where it is.
        var flow: SwitchboardFlow?
        /// The person who called us there, folded; nil where we call.
        var caller: HandleKey?
        var hasRepeatedTransfer = false
        /// Grows with each use, for finding the one that has been silent for longest.
        var lastUse: UInt64 = 0
        /// The people whom we have called there, folded; some of them may still come.
        var called = Company.nobody

        /// The person there does not come when we call, so this switchboard is the only way to them.
        var isOnlyWay = false
        /// The person who called us there has had the time to bring others in.
        var isSettled = false
        /// All people who are or were there besides us, folded.
        var guests = Company.nobody

        /// Whether private messages for that person are safe there: the switchboard was opened for us two alone, and
        /// nobody else is or was there.
        ///
        /// A person who has just called us may be bringing others in, of whom the server knows before we do.
        func isPrivate(with folded: HandleKey) -> Bool {
            called.isAtMost(folded) && isAlone(folded)
                && (caller == nil || isOnlyWay || isSettled && guests.isAtMost(folded))
        }

        func isAlone(_ folded: HandleKey) -> Bool {
            flow?.present.allSatisfy { Handle.fold($0.handle) == folded } == true
        }

        /// Whether the caller is there, or may still be: of a switchboard that we have not entered yet nothing is
        /// known.
        var isTheirs: Bool {
            guard let caller, let flow else { return false }
            return !flow.reachesSomebody || flow.isPresent(caller)
        }
    }

    /// A message without an outcome.
    struct Underway: Sendable {
        var conversation: ConversationID
        /// Payloads without an outcome.
        var parts: Int
        var isUnconfirmed = false
        /// Payloads that were sent and have no outcome.
        var inFlight = 0
        /// In a text of several parts: the Unicode scalars of the parts that arrived, up to the first of which that is
        /// not known.
        var arrived = 0
        let isInParts: Bool
        var hasGoneOut = false
        /// It was moved to another conversation, because a third person joined the one that it was in.
        var hasMoved = false
    }

    private let sharedTimeouts: Shared<ConversationTimeouts>
    var timeouts: ConversationTimeouts { sharedTimeouts.value }
    var conversations: [ConversationID: Conversation] = [:]
    var switchboards: [SwitchboardID: Switchboard] = [:]
    var underway: [OutgoingMessageID: Underway] = [:]
    /// The private conversation with each person, by folded handle.
    var privately: [HandleKey: ConversationID] = [:]
    var queuedBytes = 0
    /// Calls that we answered in the current window.
    private var answeredCalls = 0
    private var lastID: UInt64 = 0
    private var uses: UInt64 = 0

    /// Whether the server keeps one switchboard for each account, so that a second one leaves the first deaf
    /// (docs/protocol.md#quirks).
    ///
    /// Then we answer on the switchboard that a caller has opened, at once, and invite others there.
    package var keepsOneSwitchboard = false
    /// Our handle in the server's spelling; kept up to date from outside.
    package var ownHandle = ""
    /// Whether the backend has ignored so many messages that it makes no sense to wait for an `ACK`; kept up to date
    /// from outside.
    package var isAcknowledgementHopeless = false

    package init(
        timeouts: Shared<ConversationTimeouts> = Shared(ConversationTimeouts()), known: KnownConversations = .init()
    ) {
        sharedTimeouts = timeouts
        lastID = known.lastID
        // The one that was active last is used last, and has the person's private messages.
        for (id, participants, isGroup) in known.open {
            var conversation = Conversation(id, participants, isGroup: isGroup)
            conversation.isAnnounced = true
            conversations[id] = conversation
            use(id)
            if !isGroup, participants.count == 1 { privately[Handle.fold(participants[0].handle)] = id }
        }
    }

    // MARK: - What is wanted

    /// Sends a message: finds or opens the conversation, and puts it in the queue.
    ///
    /// After a failure no event has come and none will.
    package mutating func send(
        _ message: OutgoingMessage, to target: MessageTarget
    ) -> (Result<ConversationID, MessageFailure>, [ConversationAction]) {
        let size = message.text.text.utf8.count
        guard queuedBytes + size <= ConversationLimits.queuedBytes else { return (.failure(.queueFull), []) }
        let id: ConversationID
        var audience: HandleKey?
        var actions: [ConversationAction] = []
        switch target {
        case .conversation(let known):
            guard let conversation = conversations[known] else { return (.failure(.unknownConversation), []) }
            guard !conversation.participants.isEmpty else { return (.failure(.conversationClosed), []) }
            id = known
        case .person(let handle):
            audience = handle.folded
            guard let (found, forgotten) = conversation(with: [handle]) else {
                return (.failure(.tooManyConversations), [])
            }
            id = found
            actions = forgotten
        }
        use(id)
        let parts = TextSplitter.split(message.text, format: message.format)
        underway[message.id] = Underway(conversation: id, parts: parts.count, isInParts: parts.count > 1)
        for part in parts {
            conversations[id]?.queue.append(.part(MessagePart(message: message.id, text: part, audience: audience)))
            queuedBytes += part.text.utf8.count
        }
        actions += announce(id) + [.emit(.sent(message.id, id))]
        if conversations[id]?.isTyping == true {
            conversations[id]?.isTyping = false
            actions.append(.cancel(.typing(id)))
        }
        return (.success(id), actions + sendQueued(id))
    }

    /// Carries out a request; the answer comes as `complete` under the same number.
    package mutating func request(_ request: RequestID, _ wanted: ConversationRequest) -> [ConversationAction] {
        switch wanted {
        case .open(let handles): return open(handles, request)
        case .invite(let handle, let id): return invite(handle, into: id, request)
        }
    }

    /// Leaves a conversation and closes it.
    package mutating func leave(_ id: ConversationID) -> [ConversationAction] { close(id, .left) }

    /// Says that we are typing, where somebody is there to see it.
    package mutating func type(in id: ConversationID) -> [ConversationAction] {
        guard let conversation = conversations[id], !conversation.isTyping,
            let board = conversation.switchboards.last(where: { switchboards[$0]?.flow?.reachesSomebody == true })
        else { return [] }
        let payload = TypingNotification(user: ownHandle).payload
        let actions = drive(board) { $0.send(payload, .none) }
        // A message went first; the typing notification may be sent after it.
        guard !actions.isEmpty else { return [] }
        conversations[id]?.isTyping = true
        return actions + [.start(.typing(id), timeouts.typing)]
    }

    /// Somebody calls us; they may continue an existing conversation (docs/protocol.md#being-called).
    package mutating func rang(_ ring: Ring) -> [ConversationAction] {
        let caller = Handle.fold(ring.caller.handle)
        guard
            switchboards.values.count(where: { $0.caller == caller && $0.isTheirs })
                < ConversationLimits.switchboardsOfOne, answeredCalls < ConversationLimits.calls,
            let room = makeRoom()
        else { return [.ignored(command: "RNG")] }
        answeredCalls += 1
        let window: [ConversationAction] = answeredCalls == 1 ? [.start(.calls, timeouts.callWindow)] : []
        let board = nextSwitchboard()
        let flow = SwitchboardFlow(
            .ring(cookie: ring.cookie, session: ring.session), ownHandle: ownHandle, timeouts: timeouts)
        switchboards[board] = Switchboard(conversation: nil, flow: flow, caller: caller)
        touch(board)
        return window + room + drive(board) { $0.start() } + [.connect(board, ring.address)]
    }

    /// The session has ended: fails everything that waits, and leaves all switchboards.
    package mutating func end() -> [ConversationAction] {
        var actions: [ConversationAction] = []
        for id in conversations.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            actions += abandon(id, because: .notOnline(.ended))
            conversations[id]?.opening = nil
        }
        for board in switchboards.keys.sorted(by: { $0.rawValue < $1.rawValue }) { actions += giveUp(board) }
        return actions
    }

    // MARK: - What happens

    /// The notification server gave a switchboard.
    package mutating func transferred(
        _ board: SwitchboardID, to address: ServerAddress, cookie: Redacted<String>
    ) -> [ConversationAction] {
        // It may not be needed any more.
        guard switchboards[board] != nil else { return [] }
        let flow = SwitchboardFlow(.transfer(cookie: cookie), ownHandle: ownHandle, timeouts: timeouts)
        switchboards[board]?.flow = flow
        return drive(board) { $0.start() } + [.connect(board, address)]
    }

    /// The notification server gave no switchboard.
    package mutating func notTransferred(_ board: SwitchboardID, _ failure: RequestFailure) -> [ConversationAction] {
        guard let switchboard = switchboards[board], let id = switchboard.conversation else { return [] }
        if case .refused(let code, _) = failure, code == 280 || code == 281, !switchboard.hasRepeatedTransfer {
            switchboards[board]?.hasRepeatedTransfer = true
            return [.start(.transferRetry(board), timeouts.transferRetry)]
        }
        switchboards[board] = nil
        return openingFailed(id, board, MessageFailure(transfer: failure))
    }

    /// The connection to a switchboard is up.
    package mutating func connected(_ board: SwitchboardID) -> [ConversationAction] { drive(board) { $0.connected() } }

    /// No connection to a switchboard could be made.
    package mutating func connectFailed(
        _ board: SwitchboardID, _ reason: UnreachableReason
    ) -> [ConversationAction] { drive(board) { $0.connectFailed(reason) } }

    /// A whole frame came from a switchboard.
    package mutating func received(_ frame: Frame, on board: SwitchboardID) -> [ConversationAction] {
        drive(board) { $0.received(frame) }
    }

    /// The connection to a switchboard is closed, or what came there can't be followed.
    package mutating func disconnected(_ board: SwitchboardID) -> [ConversationAction] {
        drive(board) { $0.disconnected() }
    }

    /// A timer that was started is up.
    package mutating func timerFired(_ timer: ConversationTimer) -> [ConversationAction] {
        switch timer {
        case .switchboard(let board, let timer): return drive(board) { $0.timerFired(timer) }
        case .transferRetry(let board): return switchboards[board] == nil ? [] : [.requestTransfer(board)]
        case .settling(let board):
            switchboards[board]?.isSettled = true
            return switchboards[board]?.conversation.map { sendQueued($0) } ?? []
        case .calls:
            answeredCalls = 0
            return []
        case .typing(let id):
            conversations[id]?.isTyping = false
            return []
        }
    }

    // MARK: - Finding and forgetting

    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    mutating func nextSwitchboard() -> SwitchboardID { SwitchboardID(rawValue: nextID()) }

    /// Somebody speaks in it, or is about to.
    mutating func use(_ id: ConversationID) {
        uses += 1
        conversations[id]?.lastUse = uses
    }

    /// Somebody speaks there, or is about to.
    mutating func touch(_ board: SwitchboardID) {
        uses += 1
        switchboards[board]?.lastUse = uses
    }

    /// Leaves the switchboard that has been silent for longest if there are as many as allowed; nil when all are in
    /// use.
    mutating func makeRoom() -> [ConversationAction]? {
        let held = switchboards.filter { $0.value.flow?.isLeaving != true }
        guard held.count >= ConversationLimits.switchboards else { return [] }
        let silent = held.filter { $0.value.flow?.isSilent == true }
        guard let (board, _) = silent.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return nil }
        return drive(board) { $0.leave() }
    }

    /// Finds the conversation with one person, or makes a new one with all of these; nil when there is no room for
    /// another.
    mutating func conversation(with handles: [Handle]) -> (ConversationID, [ConversationAction])? {
        let members = handles.map { ListMember(handle: $0.spelling, name: $0.spelling) }
        return members.count == 1 ? privateConversation(with: members[0]) : add(members)
    }

    /// Finds or makes the private conversation with one person; nil when there is no room for another.
    mutating func privateConversation(with member: ListMember) -> (ConversationID, [ConversationAction])? {
        let folded = Handle.fold(member.handle)
        if let id = privately[folded], conversations[id]?.isPrivate(with: folded) == true { return (id, []) }
        return add([member])
    }

    /// Makes a new conversation, for which the one that was silent for longest may be forgotten.
    mutating func add(_ participants: [ListMember]) -> (ConversationID, [ConversationAction])? {
        var actions: [ConversationAction] = []
        if conversations.count >= ConversationLimits.conversations {
            guard let oldest = conversations.values.filter({ !$0.isInUse }).min(by: { $0.lastUse < $1.lastUse })
            else { return nil }
            actions = close(oldest.id, .forgotten)
        }
        let id = ConversationID(rawValue: nextID())
        conversations[id] = Conversation(id, participants, isGroup: participants.count > 1)
        use(id)
        if participants.count == 1 { privately[Handle.fold(participants[0].handle)] = id }
        return (id, actions)
    }

    /// Announces a conversation, if that has not happened yet.
    mutating func announce(_ id: ConversationID) -> [ConversationAction] {
        guard let conversation = conversations[id], !conversation.isAnnounced else { return [] }
        conversations[id]?.isAnnounced = true
        return [.emit(.opened(id, participants: conversation.participants))]
    }

    /// Closes a conversation, with everything that waits in it.
    mutating func close(_ id: ConversationID, _ reason: ConversationEnd) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return [] }
        var actions = abandon(id, because: .conversationClosed)
        let boards = conversation.switchboards + (conversation.opening.map { [$0.switchboard] } ?? [])
        conversations[id]?.opening = nil
        for board in boards { actions += giveUp(board) }
        conversations[id] = nil
        for folded in conversation.foldedParticipants where privately[folded] == id { privately[folded] = nil }
        if conversation.isTyping { actions.append(.cancel(.typing(id))) }
        return actions + (conversation.isAnnounced ? [.emit(.closed(id, reason))] : [])
    }

    /// Leaves a switchboard whatever it is doing.
    mutating func giveUp(_ board: SwitchboardID) -> [ConversationAction] {
        guard let switchboard = switchboards[board] else { return [] }
        guard switchboard.flow != nil else {
            switchboards[board] = nil
            return [.cancel(.transferRetry(board))]
        }
        return drive(board) { $0.leave() }
    }
}
