/// Who waits for a session to be online, or to end before.
struct SignInWaiters: Sendable {
    private var waiting: [UInt64: @Sendable (SignInResult) -> Void] = [:]
    private var made: UInt64 = 0

    var isEmpty: Bool { waiting.isEmpty }

    /// One more; its number is for `remove`.
    mutating func add(_ body: @escaping @Sendable (SignInResult) -> Void) -> UInt64 {
        made += 1
        waiting[made] = body
        return made
    }

    mutating func remove(_ number: UInt64) { waiting[number] = nil }

    /// All of them, who are told now.
    mutating func takeAll() -> [@Sendable (SignInResult) -> Void] {
        defer { waiting = [:] }
        return Array(waiting.values)
    }
}
