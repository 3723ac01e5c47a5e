/// Values by the names of commands.
///
/// Names have three bytes, which are one number: found by halves, without the hash of a text, of which each frame took two and a
/// sign-in with 20 contacts 4 µs.
struct NameTable<Value: Sendable>: Sendable {
    /// In order.
    private let names: [UInt32]
    /// At the same places.
    let values: [Value]

    /// Pairs in any order, of which no two have the same name, and none one that is no command's.
    init(_ pairs: some Sequence<(key: String, value: Value)>) {
        let pairs = pairs.map { pair in
            guard let number = Self.number(pair.key) else { preconditionFailure("no name of a command") }
            return (number: number, value: pair.value)
        }.sorted { $0.number < $1.number }
        precondition(zip(pairs, pairs.dropFirst()).allSatisfy { $0.number < $1.number }, "a name comes twice")
        names = pairs.map(\.number)
        values = pairs.map(\.value)
    }

    /// The value of a name; nil where there is none.
    subscript(name: String) -> Value? {
        guard let number = Self.number(name) else { return nil }
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < names.count && names[low] == number ? values[low] : nil
    }

    private static func number(_ name: String) -> UInt32? {
        guard name.utf8.count == WireLimits.command else { return nil }
        return name.utf8.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
