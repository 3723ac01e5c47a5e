/// An input that is read from its start.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    /// The next byte; 0 at the end.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// Everything up to a byte, which is read too.
    mutating func take(until end: UInt8) -> [UInt8] {
        let taken = rest.prefix { $0 != end }
        rest = rest[taken.endIndex...].dropFirst()
        return Array(taken)
    }

    mutating func takeRest() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}
