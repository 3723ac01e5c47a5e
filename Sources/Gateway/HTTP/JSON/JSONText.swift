import Digests

/// The bodies of requests, which are JSON objects.
enum JSONText {
    /// Takes a body apart; throws `Problem` when it is no JSON object.
    static func object(_ body: [UInt8]) throws(Problem) -> [MemberName: JSONValue] {
        try object(body, secret: nil).members
    }

    /// The same, and the string of one member, in whose place an empty one stands; nil where there is no such string.
    static func object(
        _ body: [UInt8], secret name: MemberName?
    ) throws(Problem) -> (members: [MemberName: JSONValue], secret: Secret?) {
        let (value, secret): (JSONValue, Secret?)
        do {
            (value, secret) = try JSONParser.parse(body, secret: name)
        } catch {
            throw problem(error)
        }
        guard case .object(let members) = value else {
            throw Problem(.invalidRequest, "The body has to be a JSON object.")
        }
        return (members, secret)
    }

    /// In our own words: the body can hold a password.
    private static func problem(_ error: JSONSyntaxError) -> Problem {
        var faults = MemberFaults()
        switch error {
        case .malformed: return Problem(.invalidRequest, "The body is not valid JSON in UTF-8.")
        case .tooDeep:
            return Problem(.invalidRequest, "The body is nested deeper than \(JSONParser.deepest) levels.")
        case .tooMany:
            return Problem(.invalidRequest, "The body has more than \(JSONParser.mostValues) members and items.")
        case .numberTooLong:
            return Problem(
                .invalidRequest, "The body has a number of more than \(JSONParser.longestNumber) characters.")
        case .duplicate(let pointer): faults.add(Problem.MemberError(pointer: pointer, detail: "is given twice"))
        case .nameTooLong(let pointer):
            let detail = "has a member whose name has more than \(MemberName.longest) bytes"
            faults.add(Problem.MemberError(pointer: pointer, detail: detail))
        }
        return Problem(faults)
    }
}

/// Why bytes are not taken as JSON; it quotes nothing of them but names of members, shortened.
enum JSONSyntaxError: Error, Equatable, Sendable {
    /// Not what RFC 8259 describes, or not UTF-8.
    case malformed
    /// A name that an object has twice, as a pointer (RFC 6901).
    case duplicate(String)
    /// An object with a name longer than `MemberName.longest`, as a pointer.
    case nameTooLong(String)
    /// Deeper than `JSONParser.deepest`.
    case tooDeep
    /// More members and items than the caller admits, `JSONParser.mostValues` in a body.
    case tooMany
    /// A number of more characters than `JSONParser.longestNumber`.
    case numberTooLong
}
