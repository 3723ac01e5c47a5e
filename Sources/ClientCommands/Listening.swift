package import GatewayClient
import Locking

/// `listen`: events as they come, until there were enough, the time is over, or nobody reads them any more.
package struct Listening: Sendable {
    package var session: RemoteSession
    package var start: EventStart
    /// Those that are wanted; empty for all.
    package var types: [String] = []
    /// From whom, or about whom; nil for everybody.
    package var from: String?
    /// Events, after which it ends; nil for no end.
    package var count: Int?
    /// Seconds, after which it ends; nil for no end.
    package var seconds: Double?
    /// Writes an event; why it is not written, or nil once it is.
    package var write: @Sendable (Event) -> CommandFailure?
    /// Says something beside them, a line each.
    package var say: @Sendable (String) -> Void
    /// Calls once when nobody reads what is written any more.
    package var watch: @Sendable (@escaping @Sendable () -> Void) -> Void

    package init(
        _ session: RemoteSession, from start: EventStart, write: @escaping @Sendable (Event) -> CommandFailure?,
        say: @escaping @Sendable (String) -> Void,
        watch: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { PipeWatch.start($0) }
    ) {
        self.session = session
        self.start = start
        self.write = write
        self.say = say
        self.watch = watch
    }

    private enum Ending: Sendable {
        case timeIsOver
        /// What comes can't be written any more.
        case failed(CommandFailure)
    }

    /// What happened so far.
    private struct Progress: Sendable {
        var written = 0
        /// Behind the last event that was dealt with.
        var dealt: Cursor?
        var ending: Ending?
    }

    /// Listens; throws `CommandFailure` unless all that was wanted came.
    package func run() async throws(CommandFailure) {
        let progress = Shared(Progress())
        let loop = Task { await read(progress) }
        let stop: @Sendable (Ending) -> Void = { ending in
            progress.change { $0.ending = $0.ending ?? ending }
            loop.cancel()
        }
        watch { stop(.failed(.pipeClosed)) }
        let timer = seconds.map { seconds in
            Task {
                try await Task.sleep(for: .seconds(seconds))
                stop(.timeIsOver)
            }
        }
        let error = await loop.value
        timer?.cancel()
        let end = progress.value
        if case .consumer(let name) = start, let dealt = end.dealt {
            // Where nobody takes it, they come again, and can be told by their IDs.
            try? await session.acknowledge(dealt, by: name)
        }
        if let count, end.written >= count { return }
        switch end.ending {
        case .failed(let failure): throw failure
        case .timeIsOver: if count != nil || end.written == 0 { throw .timeIsOver }
        case nil: throw CommandFailure(error ?? .cancelled)
        }
    }

    /// Reads until there were enough, or there is no more: why.
    private func read(_ progress: Shared<Progress>) async -> GatewayError? {
        do throws(GatewayError) {
            // Who is not there at first is not waited for.
            _ = try await session.info()
            for try await step in session.events(from: start, types: types) {
                switch step {
                case .event(let event):
                    if from.map({ EventFilter.isFrom($0, event) }) ?? true {
                        if let failure = write(event) {
                            progress.change { $0.ending = $0.ending ?? .failed(failure) }
                            return nil
                        }
                        progress.change { $0.written += 1 }
                    }
                    progress.change { $0.dealt = event.id }
                    if let count, progress.value.written >= count { return nil }
                case .gap(let missed):
                    say("gap: \(missed.map(String.init) ?? "nobody knows how many") events are no longer kept")
                case .interrupted(let error): say("\(TerminalText.line("\(error)")); it is waited for")
                case .resumed, .snapshot: break
                }
            }
        } catch {
            return error
        }
        return .sessionEnded((try? await session.info())?.reason)
    }
}

/// A value that several tasks come to.
private final class Shared<Value: Sendable>: Sendable {
    private let locked: Locked<Value>

    init(_ value: Value) { locked = Locked(value) }

    var value: Value { locked.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { locked.withLock { body(&$0) } }
}
