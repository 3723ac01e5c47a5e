import ByteText
import MSNP

extension World {
    /// `XFR SB` (docs/protocol.md#referrals, #calling).
    mutating func requestTransfer(
        _ kind: String, _ transaction: TransactionID, _ account: AccountID, on id: ConnectionID
    ) {
        guard ASCII.equals(kind, "SB"), let connection = connections[id] else {
            return refuse(201, transaction, to: id)
        }
        guard self[account].visiblePresence != nil else { return refuse(913, transaction, to: id) }
        guard self[account].openCookies < limits.openCookies else { return refuse(280, transaction, to: id) }
        self[account].openCookies += 1
        let cookie = issueCookie(.open, account)
        send(
            .referral(transaction, .switchboard(connection.addresses.switchboard, cookie: Redacted(cookie))), to: id)
    }

    /// Answers a command at a switchboard; what is unknown, malformed or out of place ends the connection (16).
    mutating func answerSwitchboard(_ frame: Frame, _ connection: Connection, on id: ConnectionID) {
        let command = try? SwitchboardClientCommand(parsing: frame)
        switch (connection.phase, command) {
        case (_, .leave):
            say(.signedOut(.unspecified), to: id)
            close(id)
        case (.admission, .enter(let transaction, let handle, let cookie)):
            enter(handle, cookie, transaction, on: id)
        case (.admission, .answer(let transaction, let handle, let cookie, let session)):
            answerCall(handle, cookie, session, transaction, on: id)
        case (.seated, .enter(let transaction, _, _)), (.seated, .answer(let transaction, _, _, _)):
            refuse(207, transaction, to: id)
        case (.seated(let seat), .call(let transaction, let handle)): call(handle, transaction, seat, on: id)
        case (.seated(let seat), .message(let transaction, let acknowledgement, let payload)):
            relay(payload, acknowledgement, transaction, seat, on: id)
        default: close(id)
        }
    }

    /// `USR`: a room of one's own.
    private mutating func enter(
        _ handle: String, _ cookie: Redacted<String>, _ transaction: TransactionID, on id: ConnectionID
    ) {
        guard let opened = redeem(cookie.value, of: handle), opened.purpose == .open else {
            refuse(911, transaction, to: id)
            return close(id)
        }
        let account = opened.account
        lastRoom += 1
        let room = RoomID(number: lastRoom)
        rooms[room] = Room(session: digits(10), at: now)
        roomsDue.insert(room, due: now + limits.roomIdleTime)
        seat(account, in: room, on: id)
        say(.entered(transaction, member(account)), to: id)
    }

    /// `ANS`: the room that one was called to.
    private mutating func answerCall(
        _ handle: String, _ cookie: Redacted<String>, _ session: String, _ transaction: TransactionID,
        on id: ConnectionID
    ) {
        guard let opened = redeem(cookie.value, of: handle), case .answer(let room) = opened.purpose,
            let present = rooms[room], present.session == session
        else {
            refuse(911, transaction, to: id)
            return close(id)
        }
        let others = present.participants
        for (index, other) in others.enumerated() {
            say(
                .present(
                    transaction, index: UInt32(index) + 1, count: UInt32(others.count), member(other.account)), to: id)
        }
        say(.answered(transaction), to: id)
        for other in others { say(.joined(member(opened.account)), to: other.connection) }
        seat(opened.account, in: room, on: id)
    }

    private mutating func seat(_ account: AccountID, in room: RoomID, on id: ConnectionID) {
        connections[id]?.phase = .seated(Seat(account: account, room: room))
        put(account, in: room, on: id)
    }

    mutating func put(_ account: AccountID, in room: RoomID, on id: ConnectionID?) {
        let time = now
        rooms[room]?.add(account, on: id, at: time)
    }

    /// A handle and the name of the moment.
    func member(_ account: AccountID) -> ListMember {
        ListMember(handle: self[account].handle, name: self[account].name)
    }

    // MARK: Cookies

    /// A fresh cookie of some 130 bits, in the form that the documents show.
    mutating func issueCookie(_ purpose: Cookie.Purpose, _ account: AccountID) -> String {
        let cookie = "\(digits(20)).\(digits(20))"
        let due = now + limits.cookieTime
        cookies[ByteText(cookie)] = Cookie(account: account, purpose: purpose, due: due)
        cookiesDue.append(cookie, due: due)
        return cookie
    }

    /// Takes a cookie in, which is worth nothing from then on, whether it opens something or not (docs/protocol.md#calling).
    private mutating func redeem(_ cookie: String, of handle: String) -> Cookie? {
        guard cookie.utf8.count <= WireLimits.ticket, let opened = withdraw(cookie), now < opened.due,
            account(named: handle) == opened.account
        else { return nil }
        return opened
    }

    /// Makes a cookie worthless.
    @discardableResult
    mutating func withdraw(_ cookie: String) -> Cookie? {
        guard let opened = cookies.removeValue(forKey: ByteText(cookie)) else { return nil }
        switch opened.purpose {
        case .open: self[opened.account].openCookies -= 1
        // A room that nobody can reach any more goes when it is found idle.
        case .answer(let room): rooms[room]?.invitations[opened.account] = nil
        }
        return opened
    }

    mutating func expireCookies() {
        while let cookie = cookiesDue.popDue(at: now) { withdraw(cookie) }
    }
}
