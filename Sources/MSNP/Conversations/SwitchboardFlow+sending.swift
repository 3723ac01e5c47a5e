extension SwitchboardFlow {
    /// Calls somebody, once we are in, unless they are there or were called already.
    ///
    /// - Parameter patience: how long to wait for their `JOI`.
    package mutating func call(_ handle: Handle, patience: Duration) -> [SwitchboardAction] {
        guard phase == .open, calls[handle.folded] == nil, !isPresent(handle.folded) else { return [] }
        let transaction = counter.next()
        calls[handle.folded] = Call(handle: handle, transaction: transaction)
        return say(
            .call(transaction, handle: handle.spelling), transaction, [.start(.joining(handle.folded), patience)])
    }

    /// Sends a text, if it reaches somebody and there is room; `settled` reports its outcome.
    ///
    /// - Parameter patience: how long to wait for the `ACK`.
    package mutating func send(_ part: MessagePart, patience: Duration) -> [SwitchboardAction] {
        guard reachesSomebody, hasRoom else { return [] }
        let transaction = counter.next()
        unacknowledged[transaction] = part
        return say(
            .message(transaction, .always, Redacted(part.text.payload)), transaction,
            [.start(.acknowledgement(transaction), patience), .start(.idle, timeouts.idle)])
    }

    /// Sends a payload that need not be acknowledged.
    ///
    /// With `.none`, which means that it can be done without, it is sent only if it need not wait.
    package mutating func send(
        _ payload: [UInt8], _ acknowledgement: Acknowledgement
    ) -> [SwitchboardAction] {
        guard reachesSomebody, pacing.isFree || acknowledgement != .none && !pacing.isFull else { return [] }
        let transaction = counter.next()
        return say(.message(transaction, acknowledgement, Redacted(payload)), transaction)
    }

    /// Sends a command, and carries out the actions that go with it, when the pacing allows it.
    mutating func say(
        _ command: SwitchboardClientCommand, _ transaction: TransactionID, _ then: [SwitchboardAction] = []
    ) -> [SwitchboardAction] {
        let actions = [.send(command)] + then
        guard let pause = timeouts.pause else { return actions }
        return pacing.admits(actions, transaction) ? actions + [.start(.pause, pause)] : []
    }

    /// Sends the next command: the last one was answered, or the pause after it is over.
    mutating func sendNext() -> [SwitchboardAction] {
        guard let pause = timeouts.pause, !pacing.isFree else { return [] }
        if let next = pacing.next() { return next + [.start(.pause, pause)] }
        return [.cancel(.pause)] + (phase == .open ? [.report(.free)] : [])
    }

    /// Carries out what follows from an answer, and then sends the next command.
    ///
    /// The pause ends first, because what follows from the answer may lead to the next command and its pause. The
    /// waiting commands come last, because a refusal may take them back.
    mutating func answered(
        _ transaction: TransactionID, _ body: (inout SwitchboardFlow) -> [SwitchboardAction] = { _ in [] }
    ) -> [SwitchboardAction] {
        guard pacing.isAnswered(by: transaction) else { return body(&self) }
        let freed = sendNext()
        let pauses = freed.prefix { $0 == .cancel(.pause) }
        let actions = body(&self)
        return pauses + actions + (phase == .open ? freed.dropFirst(pauses.count) : [])
    }
}
