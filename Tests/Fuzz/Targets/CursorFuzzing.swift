@testable import Gateway

/// The texts that say where a reader stands, in a journal and in a feed: each position has one spelling.
enum CursorFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let cursor = Cursor(parsing: text) {
            try FuzzFinding.unless(Array(cursor.text.utf8) == bytes, "a position has two spellings")
        }
        if let cursor = Cursor(parsing: text, of: .feed) {
            try FuzzFinding.unless(Array(cursor.text.utf8) == bytes, "a position in a feed has two spellings")
            try FuzzFinding.unless(Cursor(parsing: text) == nil, "a feed's position is a journal's")
        }
        _ = try? ReadPosition(parsing: text)
        _ = try? ReadPosition(parsing: text, of: .feed)
        _ = try? TypeFilter(parsing: text)
        _ = try? ConsumerName(parsing: text)
    }
}
