import ByteText
import MSNP

extension World {
    /// `GTC` (docs/protocol.md#settings): kept for the clients, without an effect here.
    mutating func setAddPrompt(
        _ value: AddPrompt, _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        guard value != self[account].addPrompt else { return refuse(218, transaction, to: id) }
        self[account].addPrompt = value
        self[account].version &+= 1
        send(.addPrompt(transaction, version: self[account].version, value), to: id)
    }

    /// `BLP` (docs/protocol.md#privacy, #settings): comes and goes for everybody on neither the allow nor the block list.
    mutating func setPrivacy(
        _ value: PrivacyMode, _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        guard value != self[account].privacy else { return refuse(218, transaction, to: id) }
        self[account].version &+= 1
        send(.privacy(transaction, version: self[account].version, value), to: id)
        change(account, shownTo: self[account].lists[.reverse].all) { $0[account].privacy = value }
    }

    /// `PRP` (docs/protocol.md#phones); no value clears a number.
    mutating func setPhone(
        _ key: String, _ value: String?, _ frame: Frame, _ transaction: TransactionID, _ account: AccountID,
        on id: ConnectionID
    ) {
        // The value as it came and as it will go out: a client may leave raw what we escape.
        let length = max(frame.parameters.dropFirst(2).first?.utf8.count ?? 0, Self.encodedLength(value ?? ""))
        guard key.utf8.count <= 3, length <= WireLimits.encodedPhone else { return close(id) }
        guard let property = PhoneProperty(rawValue: key) else { return refuse(715, transaction, to: id) }
        switch property {
        case .home, .work, .mobile: store(value, property, transaction, account, on: id)
        case .mobileMessaging:
            guard value.map({ ASCII.equals($0, "Y") || ASCII.equals($0, "N") }) == true else {
                return refuse(201, transaction, to: id)
            }
            guard self[account].phones.takes(.mobileEnabled) else {
                // Without a registered device nothing changes, and the answer says so.
                return send(.ownPhone(transaction, version: self[account].version, property, "N"), to: id)
            }
            store(value, property, transaction, account, on: id)
        case .mobileEnabled:
            guard value.map({ ASCII.equals($0, "Y") || ASCII.equals($0, "N") }) == true else {
                return refuse(201, transaction, to: id)
            }
            store(value, property, transaction, account, on: id)
            // Whoever gives up the device takes no more pages.
            if value.map({ ASCII.equals($0, "N") }) == true, self[account].phones.takes(.mobileMessaging) {
                store("N", .mobileMessaging, .unsolicited, account, on: id)
            }
        }
    }

    private mutating func store(
        _ value: String?, _ property: PhoneProperty, _ transaction: TransactionID, _ account: AccountID,
        on id: ConnectionID
    ) {
        self[account].phones[property] = value
        self[account].version &+= 1
        send(.ownPhone(transaction, version: self[account].version, property, value), to: id)
        guard Phones.shown.contains(property) else { return }
        for watcher in self[account].lists[.reverse].all where !self[account].blocks(watcher) {
            // Also for those who aren't there: what they have cached is out of date now.
            self[watcher].version &+= 1
            guard let connection = self[watcher].connection, dialect(of: connection) >= .msnp5 else { continue }
            let handle = self[account].handle
            send(
                .contactPhone(version: self[watcher].version, handle: handle, property, value), to: connection)
        }
    }

    /// The four `BPR` of a contact (docs/protocol.md#phones); who is blocked sees none of the numbers.
    mutating func sendPhones(
        of contact: AccountID, to owner: AccountID, on id: ConnectionID
    ) {
        let phones = self[contact].blocks(owner) ? Phones.hidden : self[contact].phones
        for property in Phones.shown {
            send(
                .contactPhone(
                    version: self[owner].version, handle: self[contact].handle, property, phones[property]),
                to: id)
        }
    }

    /// What a connection speaks; the oldest before it has signed in.
    func dialect(of id: ConnectionID) -> Dialect {
        guard case .signedIn(let session) = connections[id]?.phase else { return .msnp2 }
        return session.dialect
    }
}
