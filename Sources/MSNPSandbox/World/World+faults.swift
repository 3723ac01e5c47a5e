import MSNP

extension World {
    /// Whether the fault struck somebody or waits for its occasion.
    mutating func carryOut(_ fault: Fault, account handle: String?, count: Int?) -> Bool {
        if let count, !(1...limits.faultCount).contains(count) { return false }
        let account = handle.flatMap(account(named:))
        if handle != nil, account == nil { return false }
        switch fault {
        case .busy:
            busy.arm(account, count: count ?? 1)
            return true
        case .wrongChallenge:
            wrongChallenge.arm(account, count: count ?? 1)
            return true
        case .nak:
            notDelivered.arm(account, count: count ?? 1)
            return true
        case .drop, .stall:
            let struck = connections(of: account)
            for id in struck {
                if fault == .drop {
                    drop(id)
                } else {
                    connections[id]?.stall = count.map { .commands($0) } ?? .everything
                }
            }
            return !struck.isEmpty
        case .mail:
            // Nobody reads the robot's mail.
            let readers = account.map { $0 == robot ? [] : [$0] } ?? sessions(of: nil).map(\.1.account)
            for reader in readers { for _ in 0..<(count ?? 1) { receiveMail(reader) } }
            return !readers.isEmpty
        case .kick, .shutdown, .challenge, .page, .alert, .refer, .malformed:
            var isAffected = false
            for (id, session) in sessions(of: account) where strike(fault, count, session, on: id) {
                isAffected = true
            }
            return isAffected
        }
    }

    /// The live session of an account, or all of them.
    private func sessions(of account: AccountID?) -> [(ConnectionID, Session)] {
        let candidates = account.map { [self[$0].connection].compactMap(\.self) } ?? Array(connections.keys)
        return candidates.compactMap { id in
            guard case .signedIn(let session) = connections[id]?.phase else { return nil }
            return (id, session)
        }
    }

    /// Every connection of an account, or of anybody, in the order in which they came.
    private func connections(of account: AccountID?) -> [ConnectionID] {
        connections.filter { $0.value.account.map { account == nil || $0 == account } ?? false }.keys
            .sorted { $0.number < $1.number }
    }

    private mutating func strike(
        _ fault: Fault, _ count: Int?, _ session: Session, on id: ConnectionID
    ) -> Bool {
        switch fault {
        case .kick:
            send(.signedOut(.signedInElsewhere), to: id)
            close(id)
        case .shutdown: shutDown(id, after: count)
        case .challenge:
            guard session.dialect >= .msnp6 else { return false }
            challenge(id, .unsolicited)
        case .page:
            guard session.dialect >= .msnp6 else { return false }
            let account = self[session.account]
            let sender = account.lists[.forward].ordered.first { $0 != robot }.map { self[$0] }
            let document = Redacted(OutreachDocument.page(from: sender, to: account))
            for _ in 0..<(count ?? 1) { send(.page(document), to: id) }
        case .alert:
            guard session.dialect >= .msnp5 else { return false }
            for _ in 0..<(count ?? 1) {
                lastAlert &+= 1
                send(.alert(Redacted(OutreachDocument.alert(lastAlert, to: self[session.account]))), to: id)
            }
        case .refer: refer(.unsolicited, session.dialect, on: id)
        case .malformed: deliver(.sendBytes(Self.malformedLines), to: id)
        case .drop, .stall, .busy, .wrongChallenge, .nak, .mail: return false
        }
        return true
    }

    private mutating func receiveMail(_ account: AccountID) {
        self[account].unread &+= 1
        guard let id = self[account].connection else { return }
        let mail = NewMailMessage(number: self[account].unread, time: unixTime)
        send(.message(from: .hotmail, Redacted(mail.payload(dialect(of: id)))), to: id)
    }

    /// Now, or announced and in so many minutes.
    private mutating func shutDown(_ id: ConnectionID, after minutes: Int?) {
        if let minutes {
            send(.message(from: .hotmail, Redacted(MaintenanceMessage(minutes: minutes).payload)), to: id)
            shutdownsDue.insert(id, due: now + .seconds(60 * minutes))
        } else {
            send(.signedOut(.serverShutdown), to: id)
            close(id)
        }
    }

    mutating func carryOutShutdowns() {
        while let id = shutdownsDue.popDue(at: now) {
            guard let connection = connections[id], !connection.isSilent else { continue }
            shutDown(id, after: nil)
        }
    }

    /// Whether a command falls to a stall.
    mutating func swallows(_ id: ConnectionID) -> Bool {
        guard let stall = connections[id]?.stall else { return false }
        if case .commands(let left) = stall { connections[id]?.stall = left > 1 ? .commands(left - 1) : nil }
        return true
    }

    /// Each is to be ignored or read leniently; the handle is on nobody's list, so that nothing changes by them.
    private static let malformedLines: [UInt8] = {
        let lines = [
            "XYZ 1 2 3", "NLN", "NLN NLN", "NLN nln stranger@example.com x", "ILN 9 NLN", "ILN 9",
            "ILN nine NLN stranger@example.com x", "NLN NLN stranger@example.com Zoë ☕", "FLN",
            "FLN stranger@example.com ",
            "ILN 9 NLN stranger@example.com x%", "ILN 9 NLN stranger@example.com x%zz%41",
            "NLN  NLN  stranger@example.com", "BPR x stranger@example.com PHH 1",
            "BPR 4294967296 stranger@example.com PHH",
            "LST 8 FL nine 1 1 stranger@example.com x", "SYN", "CHG 0 XXX", "ADD 0 RL", "QRY", "", "VER x",
        ]
        var bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
        // Not UTF-8, and a line that ends in LF alone.
        bytes += Array("NLN NLN stranger@example.com ".utf8) + [0xC3, 0x28, 0xFF, 0x0A]
        return bytes
    }()
}
