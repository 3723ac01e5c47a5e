import ByteText
import MSNP

extension World {
    /// Words that the service refuses in names: one, so that clients can be shown a refusal (docs/protocol.md#names).
    private static let forbiddenWords = ["forbidden"]

    /// `REA`: one's own name, or the one kept for a contact (docs/protocol.md#names).
    mutating func rename(
        _ member: ListMember, _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        guard let other = self.account(named: member.handle) else { return refuse(216, transaction, to: id) }
        guard !member.name.isEmpty, Self.encodedLength(member.name) <= WireLimits.encodedName else {
            return refuse(209, transaction, to: id)
        }
        if other == account {
            renameSelf(member.name, transaction, account, on: id)
        } else {
            renameContact(other, member.name, transaction, account, on: id)
        }
    }

    private mutating func renameSelf(
        _ name: String, _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        let lowered = Array(ASCII.lowercased(name).utf8)
        guard self[account].standing != .unverified,
            !Self.forbiddenWords.contains(where: { lowered.firstRange(of: Array($0.utf8)) != nil })
        else { return refuse(209, transaction, to: id) }
        let recent = self[account].renames.filter { now - $0 < limits.renameWindow }
        guard recent.count < limits.renames else { return refuse(800, transaction, to: id) }
        self[account].renames = recent + [now]
        self[account].name = name
        self[account].version &+= 1
        send(
            .renamed(
                transaction, version: self[account].version, ListMember(handle: self[account].handle, name: name)),
            to: id)
        for watcher in self[account].lists[.reverse].all { showPresence(of: account, to: watcher) }
    }

    private mutating func renameContact(
        _ other: AccountID, _ name: String, _ transaction: TransactionID, _ account: AccountID,
        on id: ConnectionID
    ) {
        guard self[account].lists.name(of: other) != nil else { return refuse(216, transaction, to: id) }
        self[account].lists.rename(other, to: name)
        self[account].version &+= 1
        send(
            .renamed(
                transaction, version: self[account].version, ListMember(handle: self[other].handle, name: name)),
            to: id)
    }
}
