import Foundation
import TestSupport

@testable import Gateway

/// Reads `text/event-stream` as the standard says (WHATWG HTML, 9.2.6), which no code of the gateway does.
struct EventStreamParser: Sendable {
    struct Event: Sendable, Equatable {
        /// The last ID so far, as a browser would send it back.
        var id: String
        var type: String
        var data: String

        /// The data as JSON.
        var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(data.utf8)) }
    }

    enum Item: Sendable, Equatable {
        case event(Event)
        case comment(String)
        /// A block without data: the ID moved, and nobody hears of it.
        case position(String)
    }

    private var bytes: [UInt8] = []
    private var id = ""
    private var type = ""
    private var data: [String] = []
    private var movesID = false

    mutating func take(_ more: [UInt8]) -> [Item] {
        bytes += more
        var items: [Item] = []
        var start = 0
        defer { bytes.removeFirst(start) }
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end + 1
            if line.isEmpty {
                if !data.isEmpty {
                    items.append(
                        .event(
                            Event(id: id, type: type.isEmpty ? "message" : type, data: data.joined(separator: "\n"))))
                } else if movesID {
                    items.append(.position(id))
                }
                (type, data, movesID) = ("", [], false)
                continue
            }
            if line.hasPrefix(":") {
                items.append(.comment(String(line.dropFirst())))
                continue
            }
            let name = line.prefix { $0 != ":" }
            var value = line.dropFirst(name.count + 1)
            if value.first == " " { value = value.dropFirst() }
            switch name {
            case "id": (id, movesID) = (String(value), true)
            case "event": type = String(value)
            case "data": data.append(String(value))
            default: break
            }
        }
        return items
    }
}
