import MSNP
import Testing

@Suite struct ServiceTests {
    @Test(
        "The table of services",
        arguments: [
            ("inbox", "INBOX", .msnp2, .none), ("folders", "FOLDERS", .msnp2, .none),
            ("compose", "COMPOSE", .msnp2, .address), ("person", "PERSON", .msnp2, .lcid),
            ("mobile", "MOBILE", .msnp5, .none), ("chgmob", "CHGMOB", .msnp5, .none),
            ("profile", "PROFILE", .msnp6, .lcid), ("n2paccount", "N2PACCOUNT", .msnp6, .lcid),
            ("n2pfund", "N2PFUND", .msnp6, .lcid),
        ] as [(String, String, Dialect, ServiceParameter)])
    func table(name: String, wireName: String, since: Dialect, parameter: ServiceParameter) throws {
        let service = try #require(Service(rawValue: name))
        #expect(service.wireName == wireName)
        #expect(service.since == since)
        #expect(service.parameter == parameter)
    }

    @Test("There are no others")
    func count() {
        #expect(Service.allCases.count == 9)
        #expect(Service(rawValue: "PROFILE") == nil)
    }
}
