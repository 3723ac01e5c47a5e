import ByteText

/// The document of an alert or a page (docs/protocol.md#notification-documents).
///
///     S: NOT 355
package struct NotificationDocument: Equatable, Sendable {
    /// The sender's number; an alert with the same one replaces the earlier.
    package let id: UInt32
    /// The service's number; `0` for none in particular.
    package let siteID: String?
    /// The receiver's Passport unique ID.
    package let recipientID: String?
    /// The receiver's name or handle.
    package let recipient: String?
    /// The handle that a page comes from; alerts have none.
    package let sender: String?
    /// The number of the message, or the code of a page's failure.
    package let messageID: UInt32?
    package let text: String
    /// A Windows language ID.
    package let language: UInt32?
    /// What the alert is about; nil unless it is an `http` or `https` URL.
    package let actionURL: String?
    /// Where the subscription is changed; nil unless it is an `http` or `https` URL.
    package let subscriptionURL: String?
    /// Nil unless it is an `http` or `https` URL.
    package let iconURL: String?

    /// Reads a payload; nil when it can't be read even leniently, which costs the alert and not the connection.
    package init?(parsing bytes: [UInt8]) {
        var collector = Collector()
        var reader = MarkupReader(bytes)
        do {
            while let token = try reader.next() { collector.take(token) }
        } catch {
            return nil
        }
        guard let root = collector.elements["notification"] else { return nil }
        func attribute(_ path: FoldedText, _ name: FoldedText) -> String? {
            guard let value = collector.elements[path]?[name], !value.isEmpty else { return nil }
            return DisplayText.sanitized(value)
        }
        func number(_ path: FoldedText, _ name: FoldedText) -> UInt32? {
            attribute(path, name).flatMap(TransactionID.init(parsing:))?.rawValue
        }
        id = number("notification", "id") ?? 0
        siteID = attribute("notification", "siteid")
        recipientID = attribute("notification/to", "pid")
        recipient = attribute("notification/to", "name") ?? attribute("notification/to", "email")
        sender = attribute("notification/from", "name")
        messageID = number("notification/msg", "id")
        text = LineEnds.sanitized(collector.text)
        language = number("notification/msg/body", "lang")
        let base = root["siteurl"] ?? ""
        let additions = "notification_id=\(id)&message_id=\(messageID ?? 0)&agent=messenger"
        func link(_ path: FoldedText, _ name: FoldedText, adding query: String?) -> String? {
            collector.elements[path]?[name].flatMap { Self.link(base, $0, adding: query) }
        }
        actionURL = link("notification/msg/action", "url", adding: additions)
        subscriptionURL = link("notification/msg/subscr", "url", adding: additions)
        iconURL = link("notification/msg/body", "icon", adding: nil)
    }

    /// Joins with exactly one slash, adds to the query, and lets `http` and `https` through alone.
    private static func link(_ base: String, _ relative: String, adding query: String?) -> String? {
        guard !relative.isEmpty, WebAddress.isClean(relative) else { return nil }
        let joined: String
        if WebAddress(parsing: relative) != nil {
            joined = relative
        } else {
            guard WebAddress.isClean(base) else { return nil }
            let slash = UInt8(ascii: "/")
            let end = base.utf8.lastIndex { $0 != slash }.map(base.utf8.index(after:)) ?? base.startIndex
            joined = base[..<end] + "/" + Substring(relative.utf8.drop { $0 == slash })
        }
        guard WebAddress(parsing: joined) != nil else { return nil }
        guard let query else { return joined }
        let fragment = joined.utf8.firstIndex(of: UInt8(ascii: "#")) ?? joined.endIndex
        let page = joined[..<fragment]
        let mark =
            !page.utf8.contains(UInt8(ascii: "?")) ? "?" : page.utf8.last == UInt8(ascii: "?") ? "" : "&"
        return page + mark + query + joined[fragment...]
    }

    /// The first element at each path, with its attributes, and the text of the first `TEXT`.
    private struct Collector {
        var elements: [FoldedText: [FoldedText: String]] = [:]
        var text = ""
        private static let known: Set<FoldedText> = [
            "notification", "notification/to", "notification/from", "notification/msg", "notification/msg/action",
            "notification/msg/subscr", "notification/msg/body", "notification/msg/body/text",
        ]
        private var path: [FoldedText] = []
        private var isInText = false

        mutating func take(_ token: MarkupToken) {
            switch token {
            case .start(let name, let attributes):
                path.append(name)
                let place = FoldedText(path.map(\.text).joined(separator: "/"))
                let isFirst = elements[place] == nil
                // Other attributes are skipped, however many there are.
                if isFirst, Self.known.contains(place) { elements[place] = attributes }
                if place == "notification/msg/body/text" { isInText = isFirst }
            case .end:
                path.removeLast()
                if path.count < 4 { isInText = false }
            case .text(let piece):
                if isInText, path.count == 4 { text += piece }
            }
        }
    }
}

extension NotificationDocument: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The number alone: people read the rest.
    package var description: String { "NotificationDocument (id \(id))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
