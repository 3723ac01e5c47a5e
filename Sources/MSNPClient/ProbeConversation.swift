import Loops
import MSNP

/// One talk of a `BackendProbe`.
///
/// Unchecked, because all of it is the loop's thread's alone: the connector, the socket's handler and the timers call there.
final class ProbeConversation: @unchecked Sendable {
    private var steps: [[Frame]]
    private let patience: Duration
    private let loop: ClientLoop
    private var end: ((Result<BackendProbe.Talk, UnreachableFailure>) -> Void)?
    private var socket: Socket?
    private var timer: LoopTimer?
    private var heard: [[Frame]] = []
    /// The commands of this step that are not answered.
    private var awaited: Set<TransactionID> = []

    /// Frames of a step that are kept: an answer to one command of a sign-in has one.
    private static let mostFrames = 64

    init(
        _ steps: [[ClientCommand]], _ patience: Duration, _ loop: ClientLoop,
        end: @escaping (Result<BackendProbe.Talk, UnreachableFailure>) -> Void
    ) {
        self.steps = steps.map { $0.map(\.frame) }
        (self.patience, self.loop, self.end) = (patience, loop, end)
    }

    func begin(on socket: Socket) {
        self.socket = socket
        sayNext()
    }

    func fail(_ failure: UnreachableFailure) { finish(.failure(failure)) }

    func hear(_ event: FrameHandler.Event) {
        switch event {
        case .frame(let frame, _):
            guard !heard.isEmpty, heard[heard.count - 1].count < Self.mostFrames else { return }
            heard[heard.count - 1].append(frame)
            guard let transaction = frame.transaction, awaited.remove(transaction) != nil, awaited.isEmpty else {
                return
            }
            sayNext()
        case .framingFailed: finish(.garbled)
        case .closed: finish(.closed)
        }
    }

    private func sayNext() {
        timer?.cancel()
        guard !steps.isEmpty else { return finish(.answered) }
        let step = steps.removeFirst()
        awaited = Set(step.compactMap(\.transaction))
        heard.append([])
        timer = loop.eventLoop.after(patience) { self.finish(.silent) }
        // In one write, and so in one segment.
        socket?.write(step.flatMap { $0.encoded() })
    }

    private func finish(_ ending: BackendProbe.Ending) {
        finish(.success(BackendProbe.Talk(heard: heard, ending: ending)))
    }

    private func finish(_ result: Result<BackendProbe.Talk, UnreachableFailure>) {
        guard let end else { return }
        self.end = nil
        timer?.cancel()
        socket?.close()
        socket = nil
        end(result)
    }
}
