import HTTPFront

/// What one turn of a session's loop has for those who wait on the HTTP loops.
struct Letters {
    private var answers: [(reply: Reply, result: Result<Response, Problem>)] = []
    private var signals: [StreamSignal] = []

    mutating func answer(_ reply: Reply, _ result: Result<Response, Problem>) { answers.append((reply, result)) }

    mutating func wake(_ signals: some Sequence<StreamSignal>) { self.signals += signals }

    /// Sends all of it; no lock may be held.
    consuming func send() {
        for (reply, result) in answers { reply.answer(result) }
        for signal in signals { signal.wake() }
    }
}
