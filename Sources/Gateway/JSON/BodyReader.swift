/// Reads the members of a request's body and collects everything that is wrong with it, so that a caller hears it all
/// at once.
struct BodyReader {
    private let members: [String: JSONValue]
    private var known: Set<String> = []
    private var errors: [Problem.MemberError] = []
    /// Where the members are in the body: RFC 6901, empty for the body itself.
    private let path: String

    init(_ members: [String: JSONValue], at path: String = "") {
        self.members = members
        self.path = path
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

    /// A whole number in a range; may be left out.
    mutating func wholeNumber(_ name: String, in range: ClosedRange<Int>) -> Int? {
        known.insert(name)
        guard let value = members[name] else { return nil }
        guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) else {
            refuse(name, "has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return whole
    }

    /// Whether a member is there to clear what it names (RFC 7396).
    mutating func clears(_ name: String) -> Bool {
        known.insert(name)
        return members[name] == .null
    }

    mutating func refuse(_ name: String, _ detail: String) {
        errors.append(Problem.MemberError(pointer: path + "/" + Self.escaped(name), detail: detail))
    }

    /// Refuses an item of an array.
    mutating func refuse(_ name: String, _ index: Int, _ detail: String) {
        errors.append(Problem.MemberError(pointer: "\(path)/\(Self.escaped(name))/\(index)", detail: detail))
    }

    /// An array that has to be there.
    mutating func requiredArray(_ name: String) -> [JSONValue]? {
        known.insert(name)
        switch members[name] {
        case nil: refuse(name, "is missing")
        case .array(let items): return items
        case .null, .bool, .number, .string, .object: refuse(name, "has to be an array")
        }
        return nil
    }

    /// An object that may be left out, whose members are read and refused like those of the body.
    mutating func object<Value>(_ name: String, _ read: (inout BodyReader) -> Value?) -> Value? {
        known.insert(name)
        switch members[name] {
        case nil: return nil
        case .object(let inner):
            var reader = BodyReader(inner, at: "\(path)/\(Self.escaped(name))")
            let value = read(&reader)
            reader.refuseUnknown()
            errors += reader.errors
            return value
        case .null, .bool, .number, .string, .array:
            refuse(name, "has to be an object")
            return nil
        }
    }

    private mutating func refuseUnknown() {
        for name in members.keys.sorted() where !known.contains(name) {
            refuse(String(name.prefix(64)), "is not a member of this request")
        }
    }

    /// Throws when anything was wrong, members that nobody asked for included.
    mutating func finish() throws(Problem) {
        refuseUnknown()
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
