/// The loop over events as a value: what came goes in, what to do comes out.
///
/// It has no socket and no clock.
///
/// A position moves behind an event only when what follows is asked for: what was handed out has been dealt with then.
struct EventReading: Sendable {
    /// What to do next.
    enum Action: Equatable, Sendable {
        case tell(EventStep)
        /// Ask for a snapshot; `took` or `failed` follows.
        case snapshot
        /// Ask for events after a position, nil for where the consumer stands; `took` or `failed` follows.
        case poll(after: String?, consumer: String?)
        /// Wait after so many failures in a row, for as long as was asked for.
        case wait(failures: Int, asked: Duration?)
        case fail(GatewayError)
        /// The session has ended, and everything in it was told.
        case end
    }

    private enum Place: Equatable, Sendable {
        case snapshotWanted
        /// Nil is where the consumer stands.
        case after(String?)
    }

    private let start: EventStart
    /// Whether positions are those of pages alone, as in a feed.
    private let hasOwnCursors: Bool
    private var place: Place
    private var told: [EventStep] = []
    /// What was handed out last, and is behind the reader once it asks for more.
    private var handed: Cursor?
    private var page: [Event] = []
    private var next: Cursor?
    private var isLast = false
    private var failures = 0
    private var pause: (failures: Int, asked: Duration?)?
    private var failure: GatewayError?

    init(_ start: EventStart, hasOwnCursors: Bool = false) {
        self.start = start
        self.hasOwnCursors = hasOwnCursors
        place =
            switch start {
            case .snapshot: .snapshotWanted
            case .now: .after("now")
            case .oldest: .after("oldest")
            case .after(let cursor): .after(cursor.text)
            case .consumer: .after(nil)
            }
    }

    /// The position after what has been dealt with; nil where no event or page has said one.
    var position: Cursor? {
        if case .after(let text?) = place, text != "now", text != "oldest" { Cursor(text) } else { nil }
    }

    /// What to do now; asked for after `tell`, it takes what was told as dealt with.
    mutating func action() -> Action {
        if let handed {
            if !hasOwnCursors { place = .after(handed.text) }
            self.handed = nil
        }
        if !told.isEmpty { return .tell(told.removeFirst()) }
        if !page.isEmpty {
            let event = page.removeFirst()
            handed = event.id
            return .tell(.event(event))
        }
        if let next {
            place = .after(next.text)
            self.next = nil
        }
        if let failure { return .fail(failure) }
        if isLast { return .end }
        if let pause {
            self.pause = nil
            return .wait(failures: pause.failures, asked: pause.asked)
        }
        switch place {
        case .snapshotWanted: return .snapshot
        case .after(let position): return .poll(after: position, consumer: consumer)
        }
    }

    /// A poll was answered.
    mutating func took(_ page: EventPage) {
        succeed()
        self.page = page.events
        next = page.next
        isLast = page.ended == true
    }

    /// A snapshot came.
    mutating func took(_ snapshot: Snapshot) {
        succeed()
        told.append(.snapshot(snapshot))
        place = .after(snapshot.cursor.text)
    }

    /// There was no answer, or a refusal.
    mutating func failed(_ error: GatewayError) {
        if case .problem(let problem) = error, problem.code == .cursorExpired {
            succeed()
            told.append(.gap(missed: problem.missed))
            place = start == .snapshot ? .snapshotWanted : .after("oldest")
        } else if error.mayPass {
            failures += 1
            if failures == 1 { told.append(.interrupted(error)) }
            pause = (failures, error.retryAfter)
        } else {
            failure = error
        }
    }

    /// What was refused, or was the end, may be asked for again.
    mutating func forgive() { (failure, isLast) = (nil, false) }

    private mutating func succeed() {
        if failures > 0 { told.append(.resumed) }
        failures = 0
    }

    private var consumer: String? { if case .consumer(let name) = start { name } else { nil } }
}
