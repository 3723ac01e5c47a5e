import Locking

/// Makes lines of pieces of output.
final class LineSplitter: Sendable {
    private let rest = Locked<[UInt8]>([])

    /// The lines that these bytes complete.
    func lines(_ bytes: some Sequence<UInt8>) -> [String] {
        rest.withLock { rest in
            rest += bytes
            var parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Array(parts.popLast() ?? [])
            return parts.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
