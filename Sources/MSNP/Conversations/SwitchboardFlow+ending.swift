extension SwitchboardFlow {
    /// Leaves.
    ///
    /// Only the outcomes of what was under way are still reported.
    package mutating func leave() -> [SwitchboardAction] {
        switch phase {
        case .connecting: return end(nil)
        case .entering, .open:
            let reports = assembly.waiting.flatMap { giveUp($0) } + settleAll()
            phase = .leaving
            let calling = calls.keys.sorted().map { SwitchboardAction.cancel(.joining($0)) }
            calls = [:]
            if timeouts.pause != nil { pacing = CommandPacing() }
            return reports + calling + (timeouts.pause == nil ? [] : [.cancel(.pause)]) + [
                .cancel(.entering), .cancel(.idle), .report(.ended(nil)), .send(.leave),
                .start(.goodbye, timeouts.goodbye),
            ]
        case .leaving, .ended: return []
        }
    }

    mutating func settle(_ transaction: TransactionID, _ outcome: PartOutcome) -> [SwitchboardAction] {
        guard let part = unacknowledged.removeValue(forKey: transaction) else { return [] }
        return [.cancel(.acknowledgement(transaction)), .report(.settled(part, outcome))] + leaveIfEmpty()
    }

    /// Reports the outcome of all unacknowledged messages as unknown, in the order in which they were sent.
    mutating func settleAll() -> [SwitchboardAction] {
        defer { unacknowledged = [:] }
        return unacknowledged.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { transaction, part in
            [.cancel(.acknowledgement(transaction)), .report(.settled(part, .unknown))]
        }
    }

    /// Leaves a switchboard on which nobody else is and nobody is expected (docs/protocol.md#participants).
    mutating func leaveIfEmpty() -> [SwitchboardAction] {
        guard phase == .open, present.isEmpty, calls.isEmpty, unacknowledged.isEmpty else { return [] }
        return leave()
    }

    mutating func end(_ failure: MessageFailure?) -> [SwitchboardAction] {
        let reports = assembly.waiting.flatMap { giveUp($0) } + settleAll()
        return reports + [.report(.ended(failure))] + close()
    }

    mutating func close() -> [SwitchboardAction] {
        let timers =
            [SwitchboardTimer.entering, .idle, .goodbye] + (timeouts.pause == nil ? [] : [.pause])
            + calls.keys.sorted().map { .joining($0) }
        phase = .ended
        present = []
        presentKeys = []
        calls = [:]
        early = []
        return timers.map(SwitchboardAction.cancel) + [.close]
    }
}
