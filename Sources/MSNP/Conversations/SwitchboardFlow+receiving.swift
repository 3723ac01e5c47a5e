extension SwitchboardFlow {
    mutating func take(_ command: SwitchboardServerCommand) -> [SwitchboardAction] {
        switch (command, phase) {
        case (.entered(let transaction, _), .entering(let awaited)),
            (.answered(let transaction), .entering(let awaited)):
            guard transaction == awaited else { return [] }
            return answered(awaited) { flow in
                flow.phase = .open
                let waiting = flow.early
                flow.early = []
                return [
                    .cancel(.entering), .start(.idle, flow.timeouts.idle), .report(.entered(present: flow.present)),
                ] + waiting.map(SwitchboardAction.report)
            }
        case (.present(_, _, _, let member), _), (.joined(let member), _): return joined(member)
        case (.left(let handle, let idle), _): return left(handle, idle)
        case (.ringing(let transaction, _), _):
            for (folded, call) in calls where call.transaction == transaction { calls[folded]?.rings = true }
            return answered(transaction)
        case (.message(let sender, let payload), _):
            guard !isOwn(sender.handle) else { return [] }
            return received(MIMEPayload(parsing: payload.value), from: sender)
                + (phase == .open ? [.start(.idle, timeouts.idle)] : [])
        case (.acknowledged(let transaction), _): return answered(transaction) { $0.settle(transaction, .delivered) }
        case (.notDelivered(let transaction), _): return answered(transaction) { $0.settle(transaction, .notDelivered) }
        case (.signedOut, _): return end(phase == .open ? nil : .unreachable(.closed))
        case (.error(let code, let transaction), _):
            guard let transaction else { return refused(code, nil) }
            return answered(transaction) { $0.refused(code, transaction) }
        case (.entered, _), (.answered, _): return []
        }
    }

    private func isOwn(_ handle: String) -> Bool { Handle.fold(handle) == ownKey }

    /// Somebody is there.
    ///
    /// Some servers name everybody, ourselves included, and before we are let in (docs/protocol.md#servers-differ).
    private mutating func joined(_ member: ListMember) -> [SwitchboardAction] {
        let folded = Handle.fold(member.handle)
        guard folded != ownKey, !isPresent(folded) else { return [] }
        // Ignores what an endless number of people would add.
        guard present.count < ConversationLimits.present else { return [] }
        let wasCalled = calls.removeValue(forKey: folded) != nil
        present.append(member)
        presentKeys.insert(folded)
        let stop: [SwitchboardAction] = wasCalled ? [.cancel(.joining(folded))] : []
        return phase == .open ? stop + [.report(.joined(member))] : stop
    }

    private mutating func left(_ handle: String, _ idle: Bool) -> [SwitchboardAction] {
        let folded = Handle.fold(handle)
        guard presentKeys.remove(folded) != nil,
            let index = present.firstIndex(where: { Handle.fold($0.handle) == folded })
        else { return [] }
        let member = present.remove(at: index)
        guard phase == .open else { return [] }
        return [.report(.left(handle: member.handle, idle: idle))] + leaveIfEmpty()
    }

    private mutating func tell(_ report: SwitchboardReport) -> [SwitchboardAction] {
        guard phase != .open else { return [.report(report)] }
        if early.count < ConversationLimits.earlyMessages { early.append(report) }
        return []
    }

    private mutating func received(_ payload: MIMEPayload, from sender: ListMember) -> [SwitchboardAction] {
        switch assembly.take(payload, from: sender) {
        case .whole(let whole, let key):
            return (key.map { [.cancel(.assembly($0))] } ?? []) + tell(.received(from: sender, whole))
        case .waits(let key, _): return [.start(.assembly(key), timeouts.assembly)]
        case .stray: return phase == .open ? [.report(.ignored(command: "MSG"))] : []
        }
    }

    /// The rest of a message in several pieces did not come: reports what has come.
    mutating func giveUp(_ key: MessageAssembly.Key) -> [SwitchboardAction] {
        guard let (member, payload) = assembly.giveUp(key) else { return [] }
        return [.cancel(.assembly(key))] + tell(.received(from: member, payload))
    }

    private mutating func refused(_ code: ErrorCode, _ transaction: TransactionID?) -> [SwitchboardAction] {
        if case .entering(let awaited) = phase {
            // An error may lack its transaction (docs/protocol.md#transaction-ids). Then it may come from any server
            // that knows other commands.
            guard let transaction else { return end(.unreachable(.closed)) }
            guard transaction == awaited else { return [] }
            return end(.refused(code, command: entranceCommand))
        }
        guard let transaction else { return [] }
        if unacknowledged[transaction] != nil { return settle(transaction, .notDelivered) }
        guard let (folded, call) = calls.first(where: { $0.value.transaction == transaction }) else { return [] }
        // The person is there or was called already: they come, or the wait for them ends.
        guard code != 215 else { return [] }
        calls[folded] = nil
        return [.cancel(.joining(folded)), .report(.unreached(call.handle, MessageFailure(call: code)))]
            + leaveIfEmpty()
    }

    /// What was meant as the answer to a command can't be understood, and ends the wait for it.
    mutating func handleUnreadable(_ frame: Frame) -> [SwitchboardAction] {
        guard let transaction = frame.parameters.first.flatMap(TransactionID.init(parsing:)) else { return [] }
        func failure(_ command: String) -> MessageFailure {
            .nonsense(
                command: command, line: BlankedFrame(frame, .fromServer, onSwitchboard: true).excerpt)
        }
        switch phase {
        case .entering(transaction) where frame.isAnswer(to: entranceCommand): return end(failure(entranceCommand))
        case .open where frame.isAnswer(to: "CAL"):
            guard let (folded, call) = calls.first(where: { $0.value.transaction == transaction }) else { return [] }
            calls[folded] = nil
            return [.cancel(.joining(folded)), .report(.unreached(call.handle, failure("CAL")))] + leaveIfEmpty()
        case .connecting, .entering, .open, .leaving, .ended: return []
        }
    }
}
