/// The conversations of one session as a value: what happened goes in, what to do comes out (design: 2.5).
///
/// A conversation is what a person means by one. Below it are switchboards, each a `SwitchboardFlow`: several with the same
/// person, or none while nobody speaks. Whoever runs it carries the actions out in order, keeps the timers and the
/// connections, and reports everything that they do.
///
/// Messages wait in a queue for each conversation until everybody who belongs to it is in one switchboard. Then they go out
/// in order, on that one for as long as something there is unanswered.
package struct ConversationFlow: Sendable {
    struct Switchboard: Sendable {
        /// Nil for a ring of which it is not yet known who is there.
        var conversation: ConversationID?
        /// Nil until the notification server has said where it is.
        var flow: SwitchboardFlow?
        /// Who called us there, folded; nil where we call.
        var caller: HandleKey?
        var hasRepeatedTransfer = false
        /// Grows with each use, for finding the one that has been silent for longest.
        var lastUse: UInt64 = 0
        /// Those whom we have called there, folded; some of them may still come.
        var called = Company.nobody

        /// Whoever is there does not come when we call, so that it is the only way to them.
        var isOnlyWay = false
        /// Whoever has called us there has had the time to bring others in.
        var isSettled = false
        /// Everybody who is or was there besides us, folded.
        var guests = Company.nobody

        /// Whether words for that person alone are safe there: we have opened it for nobody else, or they have, and nobody
        /// else is or was there.
        ///
        /// Whoever has just called us may be bringing others in at that moment, of whom the server knows before we do.
        func isPrivate(with folded: HandleKey) -> Bool {
            called.isAtMost(folded) && isAlone(folded)
                && (caller == nil || isOnlyWay || isSettled && guests.isAtMost(folded))
        }

        func isAlone(_ folded: HandleKey) -> Bool {
            flow?.present.allSatisfy { Handle.fold($0.handle) == folded } == true
        }

        /// Whether the caller is there, or may still be: of a room that we are not in yet nothing is known.
        var isTheirs: Bool {
            guard let caller, let flow else { return false }
            return !flow.reachesSomebody || flow.isPresent(caller)
        }
    }

    /// A message that has no outcome yet.
    struct Underway: Sendable {
        var conversation: ConversationID
        /// Payloads of which nothing was heard.
        var parts: Int
        var isUnconfirmed = false
        /// Payloads that are out and have no outcome.
        var inFlight = 0
        /// Of a text in several parts: the Unicode scalars of those that arrived before one of which that is not known.
        var arrived = 0
        let isInParts: Bool
        var hasGoneOut = false
        /// A third person came into the conversation that it was sent in, so that it went on in another.
        var hasMoved = false
    }

    let timeouts: ConversationTimeouts
    var conversations: [ConversationID: Conversation] = [:]
    var switchboards: [SwitchboardID: Switchboard] = [:]
    var underway: [OutgoingMessageID: Underway] = [:]
    /// The never-group conversation with each person, by folded handle.
    var privately: [HandleKey: ConversationID] = [:]
    var queuedBytes = 0
    /// Calls that were answered in the window that runs.
    private var answeredCalls = 0
    private var lastID: UInt64 = 0
    private var uses: UInt64 = 0

    /// Whether the server keeps one switchboard for each account, so that opening another leaves the first one deaf
    /// (protocol.md 21.1): who has called us is answered where they are, at once, and others are brought in there.
    package var keepsOneSwitchboard = false
    /// Our handle in the server's spelling; kept up to date from outside.
    package var ownHandle = ""
    /// Whether the backend has ignored so many messages that waiting for an `ACK` is hopeless; kept up to date from outside.
    package var isAcknowledgementHopeless = false

    package init(timeouts: ConversationTimeouts = ConversationTimeouts()) {
        self.timeouts = timeouts
    }

    // MARK: - What is wanted

    /// Sends a message: finds or opens the conversation, and puts it in the queue.
    ///
    /// In the failure nothing was told and nothing will be.
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
        return (.success(id), actions + pump(id))
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
        // It has given way to a message, and may be said again after it.
        guard !actions.isEmpty else { return [] }
        conversations[id]?.isTyping = true
        return actions + [.start(.typing(id), timeouts.typing)]
    }

    /// Somebody calls; what they have to say may come to a conversation that there is (protocol.md 8.2).
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

    /// The session has ended: whoever waits is answered, and all switchboards are left.
    package mutating func end() -> [ConversationAction] {
        var actions: [ConversationAction] = []
        for id in conversations.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            actions += abandon(id, because: .notOnline(.ended))
            conversations[id]?.opening = nil
        }
        for board in switchboards.keys.sorted(by: { $0.rawValue < $1.rawValue }) { actions += give(up: board) }
        return actions
    }

    // MARK: - What happens

    /// The notification server gave a switchboard.
    package mutating func transferred(
        _ board: SwitchboardID, to address: ServerAddress, cookie: Redacted<String>
    ) -> [ConversationAction] {
        // Nobody may need it any more.
        guard switchboards[board] != nil else { return [] }
        switchboards[board]?.flow = SwitchboardFlow(
            .transfer(cookie: cookie), ownHandle: ownHandle, timeouts: timeouts)
        return drive(board) { $0.start() } + [.connect(board, address)]
    }

    /// It gave none.
    package mutating func notTransferred(_ board: SwitchboardID, _ failure: RequestFailure) -> [ConversationAction] {
        guard let switchboard = switchboards[board], let id = switchboard.conversation else { return [] }
        if case .refused(let code, _) = failure, code == 280 || code == 281, !switchboard.hasRepeatedTransfer {
            switchboards[board]?.hasRepeatedTransfer = true
            return [.start(.transferRetry(board), timeouts.transferRetry)]
        }
        switchboards[board] = nil
        return openingFailed(id, board, MessageFailure(transfer: failure))
    }

    package mutating func connected(_ board: SwitchboardID) -> [ConversationAction] { drive(board) { $0.connected() } }

    package mutating func connectFailed(
        _ board: SwitchboardID, _ reason: UnreachableReason
    ) -> [ConversationAction] { drive(board) { $0.connectFailed(reason) } }

    package mutating func received(_ frame: Frame, on board: SwitchboardID) -> [ConversationAction] {
        drive(board) { $0.received(frame) }
    }

    package mutating func disconnected(_ board: SwitchboardID) -> [ConversationAction] {
        drive(board) { $0.disconnected() }
    }

    package mutating func timerFired(_ timer: ConversationTimer) -> [ConversationAction] {
        switch timer {
        case .switchboard(let board, let timer): return drive(board) { $0.timerFired(timer) }
        case .transferRetry(let board): return switchboards[board] == nil ? [] : [.requestTransfer(board)]
        case .settling(let board):
            switchboards[board]?.isSettled = true
            return switchboards[board]?.conversation.map { pump($0) } ?? []
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

    /// Leaves the switchboard that has been silent for longest when there are as many as may be, as if its time had come; nil
    /// when all are in use.
    mutating func makeRoom() -> [ConversationAction]? {
        let held = switchboards.filter { $0.value.flow?.isLeaving != true }
        guard held.count >= ConversationLimits.switchboards else { return [] }
        let silent = held.filter { $0.value.flow?.isSilent == true }
        guard let (board, _) = silent.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return nil }
        return drive(board) { $0.leave() }
    }

    /// The conversation with that one person, or a new one with all of these; nil when there is no room for another.
    mutating func conversation(with handles: [Handle]) -> (ConversationID, [ConversationAction])? {
        let members = handles.map { ListMember(handle: $0.spelling, name: $0.spelling) }
        return members.count == 1 ? privateConversation(with: members[0]) : add(members)
    }

    /// The conversation with one person alone, or a new one; nil when there is no room for another.
    mutating func privateConversation(with member: ListMember) -> (ConversationID, [ConversationAction])? {
        let folded = Handle.fold(member.handle)
        if let id = privately[folded], conversations[id]?.isPrivate(with: folded) == true { return (id, []) }
        return add([member])
    }

    /// A new conversation, for which the one that was silent for longest may have to go.
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

    /// Tells of a conversation for which there is now a reason to.
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
        for board in boards { actions += give(up: board) }
        conversations[id] = nil
        for folded in conversation.foldedParticipants where privately[folded] == id { privately[folded] = nil }
        if conversation.isTyping { actions.append(.cancel(.typing(id))) }
        return actions + (conversation.isAnnounced ? [.emit(.closed(id, reason))] : [])
    }

    /// Leaves a switchboard whatever it is doing.
    mutating func give(up board: SwitchboardID) -> [ConversationAction] {
        guard let switchboard = switchboards[board] else { return [] }
        guard switchboard.flow != nil else {
            switchboards[board] = nil
            return [.cancel(.transferRetry(board))]
        }
        return drive(board) { $0.leave() }
    }
}
