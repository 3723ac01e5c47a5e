import Testing

@testable import MSNP

/// Who was where, without remembering everybody.
@Suite("Company") struct CompanyTests {
    private let bob: HandleKey = "bob@example.com"
    private let carol: HandleKey = "carol@example.com"

    @Test("Nobody and one person again and again are at most that person; a second one stays known")
    func atMost() {
        var company = Company.nobody
        #expect(company.isAtMost(bob) && company.isAtMost(carol))
        for _ in 0..<3 { company.join(bob) }
        #expect(company.isAtMost(bob) && !company.isAtMost(carol))
        company.join(carol)
        company.join(bob)
        #expect(!company.isAtMost(bob) && !company.isAtMost(carol))
    }

    @Test("However many come and go, no more is kept of them")
    func bounded() {
        var company = Company.nobody
        for number in 0..<1_000 { company.join(Handle.fold("guest\(number)@example.com")) }
        #expect(company == .several)
    }
}
