package import MSNP

extension World {
    /// What somebody sees of an account that is on their forward list; nil for offline.
    package func presence(of account: AccountID, seenBy watcher: AccountID) -> Presence? {
        self[account].blocks(watcher) ? nil : self[account].visiblePresence
    }

    /// `CHG` (docs/protocol.md#own-status).
    mutating func setPresence(
        _ presence: Presence, _ transaction: TransactionID, _ session: Session, on id: ConnectionID
    ) {
        guard presence != .offline else { return refuse(201, transaction, to: id) }
        let account = session.account
        let isFirst = self[account].presence == nil
        send(.ownPresence(transaction, presence), to: id)
        change(account, shownTo: self[account].lists[.reverse].all) { $0[account].presence = presence }
        guard isFirst else { return }
        sendInitialPresence(transaction, account, on: id)
        if self[account].unread > 0 {
            let mail = MailMessage(inboxUnread: self[account].unread)
            send(.message(from: .hotmail, Redacted(mail.payload(session.dialect))), to: id)
        }
        if session.dialect >= .msnp6 { challenge(id, .unsolicited) }
    }

    private mutating func sendInitialPresence(
        _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        for contact in self[account].lists[.forward].ordered where contact != account {
            guard let presence = presence(of: contact, seenBy: account) else { continue }
            let member = ListMember(handle: self[contact].handle, name: self[contact].name)
            send(.initialPresence(transaction, presence, member), to: id)
        }
    }

    /// Carries out a change of an account and tells those of `watchers` who see it differently afterwards.
    ///
    /// Only who has the account on the forward list and receives presence is told.
    mutating func change(
        _ account: AccountID, shownTo watchers: some Sequence<AccountID>,
        by change: (inout World) -> Void
    ) {
        let before = watchers.filter { isWatching($0, account) }.map { ($0, presence(of: account, seenBy: $0)) }
        change(&self)
        for (watcher, earlier) in before {
            let current = presence(of: account, seenBy: watcher)
            guard current != earlier else { continue }
            if current == nil {
                send(.offline(handle: self[account].handle), to: self[watcher].connection)
            } else {
                showPresence(of: account, to: watcher)
            }
        }
    }

    /// Sends `NLN`, unless the watcher sees nothing.
    mutating func showPresence(of account: AccountID, to watcher: AccountID) {
        guard isWatching(watcher, account), let presence = presence(of: account, seenBy: watcher) else { return }
        let member = ListMember(handle: self[account].handle, name: self[account].name)
        send(.presence(presence, member), to: self[watcher].connection)
    }

    /// Nobody is told of themselves, also those who have put themselves on their own list.
    func isWatching(_ watcher: AccountID, _ account: AccountID) -> Bool {
        watcher != account && self[watcher].receivesPresence && self[watcher].lists[.forward].contains(account)
    }
}
