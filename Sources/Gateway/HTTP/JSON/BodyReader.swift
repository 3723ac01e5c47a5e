/// Reads the members of a request's body and collects everything that is wrong with it, so that a caller hears it all
/// at once.
struct BodyReader {
    private let members: [MemberName: JSONValue]
    private var known: Set<MemberName> = []
    private var faults = MemberFaults()
    /// Where the members are in the body.
    private let place: JSONPointer

    init(_ members: [MemberName: JSONValue], at place: JSONPointer = .body) {
        self.members = members
        self.place = place
    }

    /// A string that has to be there.
    mutating func requiredString(_ name: MemberName) -> String? {
        guard members[name] != nil else {
            known.insert(name)
            refuse(name, "is missing")
            return nil
        }
        return string(name)
    }

    /// A string that may be left out.
    mutating func string(_ name: MemberName) -> String? {
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
    mutating func flag(_ name: MemberName) -> Bool? {
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
    mutating func requiredFlag(_ name: MemberName) -> Bool? {
        guard members[name] != nil else {
            known.insert(name)
            refuse(name, "is missing")
            return nil
        }
        return flag(name)
    }

    /// A whole number in a range; may be left out.
    mutating func wholeNumber(_ name: MemberName, in range: ClosedRange<Int>) -> Int? {
        known.insert(name)
        guard let value = members[name] else { return nil }
        guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) else {
            refuse(name, "has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return whole
    }

    /// Whether a member is there to clear what it names (RFC 7396).
    mutating func clears(_ name: MemberName) -> Bool {
        known.insert(name)
        return members[name] == .null
    }

    mutating func refuse(_ name: MemberName, _ detail: String) { faults.add(place.member(name), detail) }

    /// Refuses an item of an array.
    mutating func refuse(_ name: MemberName, _ index: Int, _ detail: String) {
        faults.add(place.member(name).item(index), detail)
    }

    /// One of a few words; may be left out.
    mutating func word<Value>(_ name: MemberName, from words: Words<Value>) -> Value? {
        guard let text = string(name) else { return nil }
        return word(name, text, words)
    }

    /// One of a few words, which has to be there.
    mutating func requiredWord<Value>(_ name: MemberName, from words: Words<Value>) -> Value? {
        guard let text = requiredString(name) else { return nil }
        return word(name, text, words)
    }

    private mutating func word<Value>(_ name: MemberName, _ text: String, _ words: Words<Value>) -> Value? {
        let value = words[text]
        if value == nil { refuse(name, "has to be one of: \(words.list)") }
        return value
    }

    /// An array that has to be there.
    mutating func requiredArray(_ name: MemberName) -> [JSONValue]? {
        known.insert(name)
        switch members[name] {
        case nil: refuse(name, "is missing")
        case .array(let items): return items
        case .null, .bool, .number, .string, .object: refuse(name, "has to be an array")
        }
        return nil
    }

    /// An array that may be left out.
    mutating func array(_ name: MemberName) -> [JSONValue]? {
        known.insert(name)
        return members[name] == nil ? nil : requiredArray(name)
    }

    /// An object that may be left out, whose members are read and refused like those of the body.
    mutating func object<Value>(_ name: MemberName, _ read: (inout BodyReader) -> Value?) -> Value? {
        known.insert(name)
        switch members[name] {
        case nil: return nil
        case .object(let inner):
            var reader = BodyReader(inner, at: place.member(name))
            let value = read(&reader)
            reader.refuseUnknown()
            faults.add(reader.faults)
            return value
        case .null, .bool, .number, .string, .array:
            refuse(name, "has to be an object")
            return nil
        }
    }

    private mutating func refuseUnknown() {
        for name in members.keys.filter({ !known.contains($0) }).sorted() {
            refuse(name, "is not a member of this request")
        }
    }

    /// Throws when anything was wrong, members that nobody asked for included.
    mutating func finish() throws(Problem) {
        refuseUnknown()
        guard faults.isEmpty else { throw Problem(faults) }
    }
}
