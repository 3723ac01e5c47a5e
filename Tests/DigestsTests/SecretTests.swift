import Digests
import Testing

@Suite struct SecretTests {
    /// Long enough that a string keeps it on the heap, with letters of two and four bytes.
    static let password = "pässword 🔑 of more than fifteen bytes"

    private struct Refusal: Error, Equatable {}

    private func bytes(of secret: Secret) -> [UInt8] {
        secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test("It lends the UTF-8 of the text", arguments: ["", "short", password])
    func lends(text: String) {
        #expect(bytes(of: Secret(text)) == Array(text.utf8))
        #expect(bytes(of: Secret(copying: Array(text.utf8).span)) == Array(text.utf8))
    }

    @Test("Errors of the body come through, and the lock is free again")
    func errors() {
        let secret = Secret(Self.password)
        #expect(throws: Refusal()) { try secret.withBytes { _ in throw Refusal() } }
        #expect(bytes(of: secret).count == Self.password.utf8.count)
    }

    @Test("Erased, it lends an empty span, also when erased twice")
    func erased() {
        let secret = Secret(Self.password)
        secret.erase()
        #expect(bytes(of: secret).isEmpty)
        secret.erase()
        #expect(bytes(of: secret).isEmpty)
    }

    @Test("Erasing overwrites the memory itself")
    func overwritten() {
        let secret = Secret(Self.password)
        // The address outlives the loan on purpose. The memory is valid until the secret ends, below.
        let address = secret.withBytes { bytes in
            bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        }
        let memory = UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: address), count: Self.password.utf8.count)
        #expect(memory.elementsEqual(Self.password.utf8))
        secret.erase()
        #expect(memory.allSatisfy { $0 == 0 })
        withExtendedLifetime(secret) {}
    }

    @Test(
        "It matches the same password only",
        arguments: [
            (password, password, true), ("", "", true), (password, password + " ", false),
            (password, "", false), ("sandbox", "Sandbox", false), ("sandbox", "sandboy", false),
        ])
    func matches(a: String, b: String, expected: Bool) {
        #expect(Secret(a).matches(Secret(b)) == expected)
        #expect(Secret(b).matches(Secret(a)) == expected)
    }

    @Test("It matches itself, until it is erased")
    func matchesItself() {
        let secret = Secret(Self.password)
        #expect(secret.matches(secret))
        secret.erase()
        #expect(!secret.matches(secret))
    }

    @Test("Nothing matches once either is erased, neither an empty password nor another erased one")
    func matchesErased() {
        let erased = Secret(Self.password)
        erased.erase()
        let empty = Secret("")
        let alsoErased = Secret(Self.password)
        alsoErased.erase()
        for other in [Secret(Self.password), empty, alsoErased] {
            #expect(!erased.matches(other))
            #expect(!other.matches(erased))
        }
    }

    @Test("While it is used from many tasks, a loan holds the whole password or nothing")
    func concurrent() async {
        let whole = Array(Self.password.utf8)
        for _ in 0..<50 {
            let secret = Secret(Self.password)
            let same = Secret(Self.password)
            let torn = await withTaskGroup(of: Int.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        var torn = 0
                        for round in 0..<20 {
                            if task == 0 && round == 10 { secret.erase() }
                            if task == 1 { _ = secret.matches(same) }
                            if task == 2 { _ = same.matches(secret) }
                            let seen = bytes(of: secret)
                            if !seen.isEmpty && seen != whole { torn += 1 }
                        }
                        return torn
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(torn == 0)
            #expect(!secret.matches(same))
        }
    }
}
