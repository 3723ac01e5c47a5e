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
