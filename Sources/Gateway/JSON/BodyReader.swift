/// Reads the members of a request's body and collects everything that is wrong with it, so that a caller hears it all
/// at once.
struct BodyReader {
    private let members: [String: JSONValue]
    private var known: Set<String> = []
    private var errors: [Problem.MemberError] = []

    init(_ members: [String: JSONValue]) {
        self.members = members
    }

    /// A string that has to be there.
    mutating func requiredString(_ name: String) -> String? {
        guard members[name] != nil else {
            known.insert(name)
            refuse(name, "is missing")
            return nil
        }
        return string(name)
    }

    /// A string that may be left out.
    mutating func string(_ name: String) -> String? {
        known.insert(name)
        switch members[name] {
        case nil: return nil
        case .string(let value): return value
        case .null, .bool, .number, .array, .object:
            refuse(name, "has to be a string")
            return nil
        }
    }

    /// `true` or `false`; may be left out.
    mutating func flag(_ name: String) -> Bool? {
        known.insert(name)
        switch members[name] {
        case nil: return nil
        case .bool(let value): return value
        case .null, .string, .number, .array, .object:
            refuse(name, "has to be true or false")
            return nil
        }
    }

    /// `true` or `false`, which has to be there.
    mutating func requiredFlag(_ name: String) -> Bool? {
        guard members[name] != nil else {
            known.insert(name)
            refuse(name, "is missing")
            return nil
        }
        return flag(name)
    }

    /// Whether a member is there to clear what it names (RFC 7396).
    mutating func clears(_ name: String) -> Bool {
        known.insert(name)
        return members[name] == .null
    }

    mutating func refuse(_ name: String, _ detail: String) {
        errors.append(Problem.MemberError(pointer: "/" + Self.escaped(name), detail: detail))
    }

    /// Throws when anything was wrong, members that nobody asked for included.
    mutating func finish() throws(Problem) {
        for name in members.keys.sorted() where !known.contains(name) {
            refuse(String(name.prefix(64)), "is not a member of this request")
        }
        guard errors.isEmpty else {
            var problem = Problem(.invalidRequest, "The body has members that are not valid.")
            problem.errors = errors
            throw problem
        }
    }

    /// RFC 6901, 3.
    static func escaped(_ name: String) -> String {
        name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }
}
