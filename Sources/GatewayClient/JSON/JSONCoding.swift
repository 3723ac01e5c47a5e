import FoundationEssentials

/// The API's JSON: UTF-8, times as in RFC 3339 with milliseconds.
enum JSONCoding {
    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Takes a value apart; throws the decoder's errors, which may quote it, and so are nobody's to show.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try Date(try decoder.singleValueContainer().decode(String.self), strategy: time)
        }
        return try decoder.decode(type, from: Data(bytes))
    }

    /// Writes a value in one line, members in alphabetical order; throws for numbers that JSON has not.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            // Milliseconds are cut off and not rounded, and a date is no whole number of them.
            try container.encode(date.addingTimeInterval(0.000_5).formatted(time))
        }
        return Array(try encoder.encode(value))
    }
}

extension JSONValue {
    /// A JSON text; throws `GatewayError.invalidRequest` for what is none.
    public init(parsing bytes: [UInt8]) throws(GatewayError) {
        do {
            self = try JSONCoding.decode(JSONValue.self, from: bytes)
        } catch {
            throw .invalidRequest("That is no JSON.")
        }
    }

    /// In one line of UTF-8, members in alphabetical order; a number that JSON has not makes it empty.
    public var bytes: [UInt8] { (try? JSONCoding.encode(self)) ?? [] }
}
