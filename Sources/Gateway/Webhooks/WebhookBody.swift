import ByteText
import Storage

/// What is sent to a webhook: `{"events":[…],"next":"…","webhookId":"…"}`.
///
/// The same parts are always the same bytes: whoever gets it once more can tell.
struct WebhookBody: Sendable {
    /// Events and gaps at most, as in an answer to a poll that asks for no other number.
    static let mostEvents = GatewayLimits.pollEvents
    /// Bytes of events; a single event may have more, and is sent alone then.
    static let mostBytes = 256 << 10
    /// Events that are looked at for one body, whatever the webhook's types leave out of them.
    static let mostLookedAt = 2_048

    /// What one body takes of a feed.
    static let limits = FeedPortion.Limits(items: mostEvents, bytes: mostBytes, references: mostLookedAt)

    let bytes: [UInt8]
    /// Events and gaps in it.
    let events: Int
    /// When the first of its events happened; for a gap that is when the body was made.
    let firstAt: Timestamp

    /// A body of what was read.
    ///
    /// - Parameters:
    ///   - loss: events before these that were lost after they were on their way.
    ///   - position: where that ended, and the portion begins.
    ///   - made: when it was made first, which gaps show as their time.
    init(
        _ portion: FeedPortion, _ loss: StoredDelivery.Loss?, after position: UInt64, of feed: OwnerFeed,
        for webhook: String, made: Timestamp
    ) {
        var json = JSONWriter(capacity: portion.bytes + portion.items.count + 256)
        json.object { json in
            json.member("events") { json in
                json.list { json in
                    if let loss {
                        json.item(GapEvent(missed: loss.missed, cursor: feed.cursor(position), time: made))
                    }
                    for item in portion.items {
                        switch item {
                        case .event(let entry): json.item(encoded: entry.json)
                        case .gap(let missed, let end):
                            json.item(GapEvent(missed: missed, cursor: feed.cursor(end), time: made))
                        }
                    }
                }
            }
            json.member("next", feed.cursor(portion.through))
            json.member("webhookId", webhook)
        }
        bytes = json.bytes
        events = portion.items.count + (loss == nil ? 0 : 1)
        if loss == nil, case .event(let entry)? = portion.items.first {
            firstAt = entry.time ?? made
        } else {
            firstAt = made
        }
    }

    /// The body that an owner asks for, to see whether it arrives.
    init(testOf webhook: String, id: String, at now: Timestamp) {
        var json = JSONWriter()
        json.object { json in
            json.member("events") { json in json.list { $0.item(TestEvent(id: id, time: now)) } }
            json.member("webhookId", webhook)
        }
        bytes = json.bytes
        events = 1
        firstAt = now
    }

    /// `journal.gap`: events that the receiver will not get.
    private struct GapEvent: JSONObject {
        /// How many, of all types; nil when unknowable.
        let missed: UInt64?
        /// The position behind them.
        let cursor: Cursor
        let time: Timestamp

        func writeMembers(to json: inout JSONWriter) {
            json.member("data") { json in json.object { $0.member("missed", missed) } }
            json.member("id", cursor)
            json.member("time", time)
            json.member("type", "journal.gap")
        }
    }

    /// `webhook.test`: somebody wants to know whether this arrives.
    private struct TestEvent: JSONObject {
        let id: String
        let time: Timestamp

        func writeMembers(to json: inout JSONWriter) {
            json.member("data") { json in json.object { _ in } }
            json.member("id", id)
            json.member("time", time)
            json.member("type", "webhook.test")
        }
    }
}

extension StoredDelivery.Loss {
    /// How many events; nil where nobody knows.
    var missed: UInt64? { if case .events(let events) = self { events } else { nil } }

    /// What is lost when more of it is.
    static func sum(_ loss: StoredDelivery.Loss?, _ more: UInt64?) -> StoredDelivery.Loss {
        guard let more else { return .unknown }
        switch loss {
        case nil: return .events(more)
        case .events(let events): return .events(events + more)
        case .unknown: return .unknown
        }
    }
}

extension JournalEntry {
    /// When it happened, as its JSON says it: the type is its last member, and the time the one before.
    var time: Timestamp? {
        let tail = type.rawValue.utf8.count + #"","type":""}"#.utf8.count
        let form = "0000-00-00T00:00:00.000Z".utf8.count
        guard json.count >= tail + form else { return nil }
        return Timestamp(parsing: String(decoding: json.dropLast(tail).suffix(form), as: UTF8.self))
    }
}
