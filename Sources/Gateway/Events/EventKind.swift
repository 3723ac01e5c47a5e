/// A kind of event; a value of it is one event's `data`.
///
/// Each kind is a file in the folder `Events` of what it is about, and says everything of it: name, fields and their JSON.
/// Where its events happen it is named among the kinds of that place, which together are `EventType.all`.
protocol EventKind: JSONObject, Sendable {
    /// As the API calls it: `presence.changed`.
    static var name: String { get }

    /// A part of its JSON that the event of its kind before it may have too, and that is most of both; nil for none.
    var repeated: [UInt8]? { get }
}

extension EventKind {
    var repeated: [UInt8]? { nil }
}
