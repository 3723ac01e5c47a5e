package import MSNP

extension World {
    /// `SYN`: everything, unless the client has it already (docs/protocol.md#synchronization).
    mutating func synchronize(
        _ version: UInt32, _ transaction: TransactionID, _ session: Session, on id: ConnectionID
    ) {
        let account = self[session.account]
        send(.synchronization(transaction, version: account.version), to: id)
        guard version != account.version else { return }
        send(.addPrompt(transaction, version: account.version, account.addPrompt), to: id)
        send(.privacy(transaction, version: account.version, account.privacy), to: id)
        let hasPhones = session.dialect >= .msnp5
        if hasPhones {
            for property in PhoneProperty.allCases {
                send(
                    .ownPhone(transaction, version: account.version, property, account.phones[property]), to: id)
            }
        }
        for list in [ListName.forward, .allow, .block, .reverse] {
            sendList(list, transaction, session.account, phones: hasPhones, on: id)
        }
    }

    /// The lines of one list, each forward one followed by the phones of that contact if `phones` is set.
    mutating func sendList(
        _ list: ListName, _ transaction: TransactionID, _ owner: AccountID, phones: Bool,
        on id: ConnectionID
    ) {
        let account = self[owner]
        let members = account.lists[list].ordered
        let count = UInt32(members.count)
        if members.isEmpty {
            let empty = ListEntry(list: list, version: account.version, index: 0, count: 0, member: nil)
            send(.list(transaction, empty), to: id)
        }
        for (index, member) in members.enumerated() {
            let entry = ListEntry(
                list: list, version: account.version, index: UInt32(index) + 1, count: count,
                member: ListMember(handle: self[member].handle, name: account.lists.name(of: member) ?? ""))
            send(.list(transaction, entry), to: id)
            if phones, list == .forward { sendPhones(of: member, to: owner, on: id) }
        }
    }

    /// `ADD` (docs/protocol.md#editing).
    mutating func add(
        _ member: ListMember, to list: ListName, _ transaction: TransactionID, _ session: Session,
        on id: ConnectionID
    ) {
        let owner = session.account
        guard list != .reverse else { return close(id) }
        guard Self.isHandle(member.handle), Self.encodedLength(member.name) <= WireLimits.encodedName else {
            return refuse(201, transaction, to: id)
        }
        guard let other = account(named: member.handle) else { return refuse(205, transaction, to: id) }
        if let code = refusal(of: other, on: list, owner) { return refuse(code, transaction, to: id) }
        put(other, named: member.name, on: list, of: owner, answering: transaction)
    }

    /// Puts somebody on a list and tells both sides, the owner's client with that transaction.
    private mutating func put(
        _ other: AccountID, named name: String, on list: ListName, of owner: AccountID,
        answering transaction: TransactionID
    ) {
        insert(other, named: name, into: list, of: owner)
        let id = self[owner].connection
        let added = ListMember(handle: self[other].handle, name: name)
        send(.added(transaction, list, version: self[owner].version, added), to: id)
        guard list == .forward else { return }
        if let id, dialect(of: id) >= .msnp5 { sendPhones(of: other, to: owner, on: id) }
        if transaction == .unsolicited {
            showPresence(of: other, to: owner)
        } else if isWatching(owner, other), let presence = presence(of: other, seenBy: owner) {
            let shown = ListMember(handle: self[other].handle, name: self[other].name)
            send(.initialPresence(transaction, presence, shown), to: id)
        }
        reflect(owner, on: other)
    }

    /// Carries out an edit made elsewhere, as by a website: the owner's client hears of it unasked
    /// (docs/protocol.md#editing).
    ///
    /// Whether there was something to change, and room for it.
    mutating func carryOut(_ edit: ListEdit, of owner: AccountID) -> Bool {
        guard edit.list != .reverse, let other = account(named: edit.handle), other != owner else { return false }
        switch edit.action {
        case .add(let name):
            guard refusal(of: other, on: edit.list, owner) == nil else { return false }
            put(other, named: name, on: edit.list, of: owner, answering: .unsolicited)
        case .remove:
            guard self[owner].lists[edit.list].contains(other) else { return false }
            take(other, off: edit.list, of: owner, answering: .unsolicited)
        }
        return true
    }

    /// Why somebody can't be put on a list; nil when they can.
    private func refusal(
        of other: AccountID, on list: ListName, _ owner: AccountID
    ) -> ErrorCode? {
        let lists = self[owner].lists
        if lists[list].contains(other) { return 215 }
        if list == .allow, lists[.block].contains(other) { return 219 }
        if list == .block, lists[.allow].contains(other) { return 219 }
        if lists[list].count >= limits.size(of: list) { return 210 }
        // The other's reverse list has to mirror our forward list.
        if list == .forward, self[other].lists[.reverse].count >= limits.reverseList { return 210 }
        return nil
    }

    /// Puts somebody on one of the lists that owners edit, with what that shows or hides.
    private mutating func insert(
        _ other: AccountID, named name: String, into list: ListName, of owner: AccountID
    ) {
        self[owner].version &+= 1
        change(owner, shownTo: CollectionOfOne(other)) {
            $0[owner].lists.insert(other, into: list, name: name)
        }
    }

    /// Somebody's forward list got a new entry: the other's reverse list gets one too (docs/protocol.md#server-side).
    private mutating func reflect(_ owner: AccountID, on other: AccountID) {
        let name = self[owner].name
        self[other].version &+= 1
        let stored = self[other].lists.name(of: owner)
        self[other].lists.insert(owner, into: .reverse, name: stored ?? name)
        send(
            .added(
                .unsolicited, .reverse, version: self[other].version,
                ListMember(handle: self[owner].handle, name: name)),
            to: self[other].connection)
        if self[other].standing == .robot { accept(owner) }
    }

    /// The robot accepts everybody, as far as its lists have room.
    private mutating func accept(_ other: AccountID) {
        for list in [ListName.allow, .forward] where refusal(of: other, on: list, robot) == nil {
            insert(other, named: self[other].name, into: list, of: robot)
            if list == .forward { reflect(robot, on: other) }
        }
    }

    /// `REM` (docs/protocol.md#editing).
    mutating func remove(
        _ handle: String, from list: ListName, _ transaction: TransactionID, _ owner: AccountID,
        on id: ConnectionID
    ) {
        guard list != .reverse else { return close(id) }
        guard let other = account(named: handle), self[owner].lists[list].contains(other) else {
            return refuse(216, transaction, to: id)
        }
        take(other, off: list, of: owner, answering: transaction)
    }

    /// Takes somebody off a list and tells both sides, the owner's client with that transaction.
    private mutating func take(
        _ other: AccountID, off list: ListName, of owner: AccountID,
        answering transaction: TransactionID
    ) {
        self[owner].version &+= 1
        send(
            .removed(transaction, list, version: self[owner].version, handle: self[other].handle),
            to: self[owner].connection)
        change(owner, shownTo: CollectionOfOne(other)) { $0[owner].lists.remove(other, from: list) }
        guard list == .forward else { return }
        self[other].version &+= 1
        self[other].lists.remove(owner, from: .reverse)
        send(
            .removed(.unsolicited, .reverse, version: self[other].version, handle: self[owner].handle),
            to: self[other].connection)
    }

    /// A local part, one `@`, and a domain with a dot in it: `a@b` is malformed (docs/protocol.md#editing).
    static func isHandle(_ text: String) -> Bool {
        let dot = UInt8(ascii: ".")
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return text.utf8.count <= WireLimits.handle && parts.count == 2 && !parts[0].isEmpty
            && parts[1].contains(dot) && parts[1].first != dot && parts[1].last != dot
    }

    /// Limits are measured on the encoded form (docs/protocol.md#encoding).
    static func encodedLength(_ text: String) -> Int { PercentEncoding.encode(text).utf8.count }
}

/// An edit of somebody's lists that their own client did not ask for.
package struct ListEdit: Equatable, Sendable {
    /// What becomes of somebody on the list.
    package enum Action: Equatable, Sendable {
        /// Under that name.
        case add(name: String)
        case remove
    }

    package let action: Action
    package let handle: String
    /// Not the reverse list, which mirrors the forward lists of others.
    package let list: ListName

    package init(_ action: Action, _ handle: String, on list: ListName) {
        self.action = action
        self.handle = handle
        self.list = list
    }
}
