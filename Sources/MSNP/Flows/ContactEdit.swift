import ByteText

/// One change of one contact, as a series of requests (docs/protocol.md#editing).
///
/// Each step is decided from the lists as they are then, because the server may change them in between. No request is
/// made twice, with one exception: after 219 the contact is taken off the opposite list, and the addition is repeated.
package struct ContactEdit: Equatable, Sendable {
    /// What somebody wants of a contact.
    package enum Intent: Equatable, Sendable {
        /// On the forward list, and allowed unless blocked; under that name if one is given.
        case add(DisplayName?)
        /// Allowed, blocked or not before.
        case accept
        /// As `accept`, if the contact still waits for an answer; a blocked one stays blocked.
        case acceptPending
        /// Blocked, which is also how a request is declined.
        case block
        /// No longer blocked, and allowed instead.
        case unblock
        /// Off the forward list.
        case remove
    }

    /// What comes next.
    package enum Step: Equatable, Sendable {
        case ask(SessionRequest)
        case done
        case failed(RequestFailure)
    }

    private let intent: Intent
    private let account: Handle
    private let name: DisplayName
    /// What the server has confirmed.
    ///
    /// It is not asked for again, whatever the lists look like.
    private var added: Set<OwnList> = []
    private var removed: Set<OwnList> = []
    /// The lists to which the server answered 219.
    private var contradicted: Set<OwnList> = []
    /// The list that the contact has to leave first, as 219 told.
    private var inTheWay: OwnList?
    private var asked: SessionRequest?
    /// Whether the server has the name that was asked for.
    private var isNamed: Bool
    private var failure: RequestFailure?
    /// Why the contact could not be put on the block list.
    ///
    /// First it goes back on the allow list that it was taken off.
    private var setback: RequestFailure?

    /// Plans an edit.
    ///
    /// - Parameters:
    ///   - name: what the lists know the contact as; nil for the account, as the official client does it.
    package init(_ intent: Intent, of account: Handle, knownAs name: DisplayName?) {
        self.intent = intent
        self.account = account
        if case .add(let wanted?) = intent {
            self.name = wanted
            isNamed = wanted == name
        } else {
            self.name = name ?? DisplayName(account)
            isNamed = true
        }
    }

    /// The next step; the first time, and after each `take`.
    package mutating func next(_ lists: ListMembership) -> Step {
        if let failure { return .failed(failure) }
        guard let request = request(lists) else { return .done }
        asked = request
        return .ask(request)
    }

    /// The commands that are still to come if the server agrees to each.
    package func commands(_ lists: ListMembership) -> [String] {
        var edit = self
        var lists = lists
        var commands: [String] = []
        while case .ask(let request) = edit.next(lists) {
            commands.append(request.command)
            switch request {
            case .add(_, let list, _): lists.insert(ListMembership(list.name))
            case .remove(_, let list): lists.remove(ListMembership(list.name))
            default: break
            }
            edit.take(.success(.edited(name: name.text)), lists)
        }
        return commands
    }

    /// Takes the outcome of the last request.
    package mutating func take(_ result: Result<RequestReply, RequestFailure>, _ lists: ListMembership) {
        if let setback {
            failure = setback
            return
        }
        switch (asked, result) {
        case (.add(_, let list, _), .success(let reply)):
            added.insert(list)
            if case .edited(let kept) = reply, case .add(_?) = intent {
                isNamed = kept.map { ASCII.equals($0, name.text) } ?? false
            }
        case (.add(_, let list, _), .failure(.refused(219, let command))): contradict(list, command, lists)
        case (.remove(_, let list), .success):
            removed.insert(list)
            if inTheWay == list { inTheWay = nil }
        case (.renameContact, .success): isNamed = true
        // A contact on neither list is treated as `BLP` says, and asks again: half a block would be none.
        case (.add(_, .block, _), .failure(let failure)) where removed.contains(.allow): setback = failure
        case (_, .failure(let failure)): self.failure = failure
        case (_, .success): break
        }
    }

    private mutating func contradict(_ list: OwnList, _ command: String, _ lists: ListMembership) {
        let isBlockedNow = list == .allow && lists.contains(.block)
        switch intent {
        case .acceptPending: added.insert(list)
        // Another client has just blocked the contact: that stays.
        case .add where isBlockedNow: added.insert(list)
        case .add, .accept, .block, .unblock, .remove:
            guard let opposite = list.opposite, contradicted.insert(list).inserted else {
                failure = .refused(219, command: command)
                return
            }
            inTheWay = opposite
        }
    }

    private func request(_ lists: ListMembership) -> SessionRequest? {
        if setback != nil { return .add(account, to: .allow, name: name) }
        if let inTheWay { return .remove(account, from: inTheWay) }
        switch intent {
        case .add:
            let isAllowed = lists.contains(.block) ? nil : adding(to: .allow, lists)
            return isAllowed ?? adding(to: .forward, lists) ?? (isNamed ? nil : .renameContact(account, name))
        case .accept: return removing(from: .block, lists) ?? adding(to: .allow, lists)
        case .acceptPending: return lists.isPending ? adding(to: .allow, lists) : nil
        case .block: return removing(from: .allow, lists) ?? adding(to: .block, lists)
        case .unblock:
            guard lists.contains(.block) || removed.contains(.block) else { return nil }
            return removing(from: .block, lists) ?? adding(to: .allow, lists)
        case .remove: return removing(from: .forward, lists)
        }
    }

    private func adding(to list: OwnList, _ lists: ListMembership) -> SessionRequest? {
        guard !lists.contains(ListMembership(list.name)), !added.contains(list) else { return nil }
        return .add(account, to: list, name: name)
    }

    private func removing(from list: OwnList, _ lists: ListMembership) -> SessionRequest? {
        guard lists.contains(ListMembership(list.name)), !removed.contains(list) else { return nil }
        return .remove(account, from: list)
    }
}
