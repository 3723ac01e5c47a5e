import FoundationEssentials

/// JSON as the API writes it: UTF-8, keys in alphabetical order so that the same value is the same bytes.
enum JSONText {
    /// The bytes of a value.
    ///
    /// The API's values are structures of strings, numbers and booleans, which always encode.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("a value of the API that JSON can't say: \(error)")
        }
    }

    /// Takes a body apart; throws `Problem` when it is no JSON object.
    static func object(_ body: [UInt8]) throws(Problem) -> [String: JSONValue] {
        let value: JSONValue
        do {
            value = try JSONParser.parse(body)
        } catch {
            // In our own words: the body can hold a password.
            switch error {
            case .malformed: throw Problem(.invalidRequest, "The body is not valid JSON in UTF-8.")
            case .tooDeep:
                throw Problem(.invalidRequest, "The body is nested deeper than \(JSONParser.deepest) levels.")
            case .duplicate(let pointer):
                var problem = Problem(.invalidRequest, "The body has members that are not valid.")
                problem.errors = [Problem.MemberError(pointer: pointer, detail: "is given twice")]
                throw problem
            }
        }
        guard case .object(let members) = value else {
            throw Problem(.invalidRequest, "The body has to be a JSON object.")
        }
        return members
    }
}
