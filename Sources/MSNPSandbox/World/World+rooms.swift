import MSNP

extension World {
    /// `CAL` (docs/protocol.md#call-refusals, #server-side).
    mutating func call(
        _ handle: String, _ transaction: TransactionID, _ seat: Seat, on id: ConnectionID
    ) {
        guard let room = rooms[seat.room] else { return close(id) }
        if let code = refusal(of: handle, by: seat.account, in: room) {
            let isTooMuch = seat.refusedCalls >= limits.refusedCalls
            setRefusedCalls(min(seat.refusedCalls + 1, limits.refusedCalls), on: id)
            return refuse(isTooMuch ? 713 : code, transaction, to: id)
        }
        guard let callee = account(named: handle) else { return }
        guard room.participants.count + room.invitations.count < limits.roomSize else {
            return refuse(280, transaction, to: id)
        }
        setRefusedCalls(0, on: id)
        say(.ringing(transaction, session: room.session), to: id)
        if callee == robot { return seatRobot(in: seat.room) }
        ring(callee, seat.account, to: seat.room)
    }

    private mutating func setRefusedCalls(_ count: Int, on id: ConnectionID) {
        guard case .seated(var seat) = connections[id]?.phase, seat.refusedCalls != count else { return }
        seat.refusedCalls = count
        connections[id]?.phase = .seated(seat)
    }

    /// Why somebody can't be called; nil when they can.
    private func refusal(of handle: String, by caller: AccountID, in room: Room) -> ErrorCode? {
        guard Self.isHandle(handle) else { return 208 }
        guard let callee = account(named: handle) else { return 217 }
        let connection = self[callee].connection
        // A ring that went to a client which is gone waits for nobody.
        let isRinging = connection != nil && room.invitations[callee]?.connection == connection
        if room.holds(callee) || isRinging { return 215 }
        guard presence(of: callee, seenBy: caller) != nil, self[callee].takesCalls else { return 217 }
        return nil
    }

    /// `RNG` to the callee's client (docs/protocol.md#being-called).
    private mutating func ring(_ callee: AccountID, _ caller: AccountID, to room: RoomID) {
        guard let connection = self[callee].connection, let addresses = connections[connection]?.addresses,
            let session = rooms[room]?.session
        else { return }
        // One way in for each: with two, the same account could sit there twice.
        if let older = rooms[room]?.invitations[callee] { withdraw(older.cookie) }
        let cookie = issueCookie(.answer(room), callee)
        rooms[room]?.invitations[callee] = Room.Invitation(cookie: cookie, connection: connection)
        let ring = Ring(
            session: session, address: addresses.switchboard, cookie: Redacted(cookie), caller: member(caller))
        send(.ring(ring), to: connection)
    }

    /// `MSG`: to everybody else, byte for byte (docs/protocol.md#messages).
    mutating func relay(
        _ payload: Redacted<[UInt8]>, _ acknowledgement: Acknowledgement, _ transaction: TransactionID,
        _ seat: Seat, on id: ConnectionID
    ) {
        guard payload.value.count <= limits.messagePayload, let room = rooms[seat.room] else { return close(id) }
        let time = now
        rooms[seat.room]?.lastActivity = time
        let others = room.participants.filter { $0.account != seat.account }
        // What is sent without asking for an answer can't be refused, and uses up no ordered refusal.
        let isLost = others.isEmpty || (acknowledgement != .none && notDelivered.strikes(seat.account))
        guard !isLost else {
            if acknowledgement != .none { say(.notDelivered(transaction), to: id) }
            return
        }
        for other in others { say(.message(from: member(seat.account), payload), to: other.connection) }
        if acknowledgement == .always { say(.acknowledged(transaction), to: id) }
        repeatAsRobot(payload, in: seat.room)
    }

    /// Somebody's connection to a room is gone or about to go.
    mutating func leave(_ seat: Seat) {
        rooms[seat.room]?.remove(seat.account)
        guard let room = rooms[seat.room] else { return }
        for other in room.participants {
            say(.left(handle: self[seat.account].handle, idle: false), to: other.connection)
        }
        if room.isDeserted { rooms[seat.room] = nil }
    }

    /// Ends the rooms in which nobody has said anything for too long (docs/protocol.md#leaving).
    mutating func closeIdleRooms() {
        while let id = roomsDue.popDue(at: now) {
            guard let room = rooms[id] else { continue }
            let due = room.lastActivity + limits.roomIdleTime
            guard due <= now else {
                roomsDue.insert(id, due: due)
                continue
            }
            for invitation in room.invitations.values { withdraw(invitation.cookie) }
            rooms[id] = nil
            for participant in room.participants {
                guard let connection = participant.connection else { continue }
                for other in room.participants where other.account != participant.account {
                    say(.left(handle: self[other.account].handle, idle: true), to: connection)
                }
                close(connection)
            }
        }
    }
}
