import Foundation

@testable import Gateway

/// A request's body: what the parser takes, Foundation takes too, which is another's reading of RFC 8259.
enum JSONFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            return
        }
        let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        try FuzzFinding.unless(theirs != nil, "what is no JSON to others is taken")
        if case .object = value { _ = try? JSONText.object(bytes) }
    }
}
