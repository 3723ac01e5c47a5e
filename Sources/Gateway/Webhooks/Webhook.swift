import ByteText
import Digests
import Encodings
import Locking
import MSNPClient
import Storage
import Webhooks

/// One webhook of an API key: what is sent where, how far it has come, and what is done for it at this moment.
///
/// What waits for it is a position in its key's feed. One lock guards the rest, which is never held while somebody else's
/// code runs or anything is waited for.
final class Webhook: Sendable {
    /// What came of an attempt that somebody asked for.
    typealias Tested = Result<StoredDelivery.Attempt, Problem>

    /// Who waits for what comes of a test.
    struct Tester: Sendable {
        let continuation: CheckedContinuation<Tested, Never>
        /// In which the test is an attempt.
        let trace: TraceParent
    }

    struct State: Sendable {
        /// As the store is to have it, but for the sealed secrets.
        var stored: StoredWebhook
        var url: WebhookURL
        var selection: WebhookSelection
        /// Nil where they did not outlive a process.
        var secrets: WebhookSecrets?
        /// What is to be done next.
        var machine: WebhookDelivery
        /// As the store has it, or will with the next record.
        var delivery: StoredDelivery
        /// Whether the store has the batch that is on its way: only then it is sent.
        var isBatchWritten = true
        /// Whether `delivery` is not what the store was given last.
        var isUnsaved = false
        /// A body was taken, and the record that says so was left to the next body's.
        var owesRecord = false
        /// Counts what takes batches off their way; what comes of an earlier one then moves nothing.
        var round: UInt64 = 0
        /// Nothing was sent to the URL since it is another.
        var isUntried = false
        /// Something came since somebody looked.
        var hasNews = false
        /// The machine has said so, and nobody has begun.
        var mustSend = false
        /// Does what there is to do; nil while there is nothing.
        var task: Task<Void, Never>?
        /// Somebody has asked for a test that has not begun: it waits for a place, and then for its turn.
        var hasTester = false
        /// Waits for the answer to a test, and has a place for it.
        var tester: Tester?
        /// Ends a wait.
        var alarm: ScheduledWork?
        /// Lets secrets go when their day is over.
        var forgetting: ScheduledWork?
        /// It was deleted.
        var isGone = false
    }

    /// In paths and bodies.
    let id: String
    let owner: Owner
    let feed: OwnerFeed
    let state: Locked<State>

    init(_ state: State, owner: Owner, feed: OwnerFeed) {
        id = state.stored.id
        self.owner = owner
        self.feed = feed
        self.state = Locked(state)
    }

    /// A new ID, 96 bits of it random.
    static func makeID() -> String { "wh_" + Base64.encode(SecureRandom.bytes(count: 12), .forURLs) }

    /// A new `webhook-id` of a body, 128 bits of it random.
    static func makeBatchID() -> String { "whm_" + Base64.encode(SecureRandom.bytes(count: 16), .forURLs) }

    /// Whether one was made before the other.
    static func isOlder(_ one: Webhook, _ other: Webhook) -> Bool {
        let (first, second) = (one.state.withLock { $0.stored.createdAt }, other.state.withLock { $0.stored.createdAt })
        return (first, ByteText(one.id)) < (second, ByteText(other.id))
    }

    /// Which places it takes: those of the slow where it failed or took long the last time, or was never tried where it is now.
    var lane: WebhookSlots.Lane {
        state.withLock { state in
            let isQuick = state.delivery.last.map { .milliseconds($0.duration) <= WebhookSlots.promptly } ?? false
            return state.machine.failures == 0 && isQuick && !state.isUntried ? .prompt : .slow
        }
    }
}

extension Webhook.State {
    /// Notes what the machine wants; a wait is the caller's to end.
    mutating func take(_ action: WebhookDelivery.Action) {
        switch action {
        case .none, .wait: break
        case .send: mustSend = true
        case .disable(let reason): stored.disabled = reason.rawValue
        }
    }

    /// Until when it waits; nil where it does not.
    var waitsUntil: Duration? { if case .waiting(let until) = machine.state { until } else { nil } }

    /// Why nothing is sent; nil where something is.
    var disabled: WebhookDisabledReason? { if case .disabled(let reason) = machine.state { reason } else { nil } }

    /// Takes what is on its way off it: events go out from that position on, under new IDs.
    mutating func goOn(after position: UInt64) {
        round += 1
        delivery.position = position
        delivery.batch = nil
        delivery.loss = nil
        isUnsaved = true
    }
}
