import MSNP
import Testing

@Suite struct ErrorCatalogueTests {
    /// The table of errors in short: code, the draft's name without `ERR_`, class, `closes`, later name.
    ///
    /// Where the table gives two classes the one that was picked is here, and `?` marks that a note says so.
    private static let table = """
        100 - U? - -
        146 - U? - -
        200 SYNTAX_ERROR C - -
        201 INVALID_PARAMETER U? - MSNP_INVALID_PARAMETER
        205 INVALID_USER U - USER_NOT_FOUND
        206 FQDN_MISSING U? - USER_NOT_FOUND
        207 ALREADY_LOGIN C - ALREADY_LOGGED_ON
        208 INVALID_USERNAME U - USER_NOT_FOUND
        209 INVALID_FRIENDLY_NAME U - INVALID_FRIENDLY_NAME
        210 LIST_FULL U - LIST_FULL
        211 - U? - -
        213 - U - USER_DOESNT_EXIST
        215 ALREADY_THERE S? - ALREADY_IN_LIST
        216 NOT_ON_LIST U - USER_NOT_FOUND
        217 - U - MSNP_NOT_ACCEPTING_IMS
        218 ALREADY_IN_THE_MODE S - S_ALREADY_IN_THE_MODE
        219 ALREADY_IN_OPPOSITE_LIST C - MSNP_ALREADY_IN_OPPOSITE_LIST
        220 - U - NOT_ACCEPTING_PAGES
        223 - U - -
        224 - C - -
        225 - C - -
        226 - U? - -
        227 - U? - -
        228 - U? - -
        229 - U? - -
        230 - U? - -
        231 - U? - -
        280 SWITCHBOARD_FAILED T - MSNP_SWITCHBOARD_FAILED
        281 NOTIFY_XFR_FAILED T - -
        282 - C - -
        300 REQUIRED_FIELDS_MISSING C - -
        301 - U - TOO_MANY_MATCHES
        302 NOT_LOGGED_IN C - -
        402 - T - ABCH_TOO_BUSY
        403 - T - ABCH_UNAVAILABLE
        420 - U - INVITE_REQUIRED
        500 INTERNAL_SERVER T closes INTERNAL_SERVER_ERROR
        501 DB_SERVER T - -
        502 - U - -
        503 - C closes E_FAIL
        510 FILE_OPERATION T - -
        511 - L - -
        520 MEMORY_ALLOC T - INTERNAL_SERVER_ERROR
        540 - C closes LOCKANDKEY_FAILED
        600 SERVER_BUSY T - SERVER_TOO_BUSY
        601 SERVER_UNAVAILABLE T - SERVER_UNAVAILABLE
        602 PEER_NS_DOWN T - -
        603 DB_CONNECT T - -
        604 SERVER_GOING_DOWN T - -
        605 - T - -
        606 - U - PAGING_UNAVAILABLE
        707 CREATE_CONNECTION T - -
        710 - C - PAGING_UNAVAILABLE
        711 BLOCKING_WRITE T - -
        712 SESSION_OVERLOAD T - -
        713 USER_TOO_ACTIVE T - -
        714 TOO_MANY_SESSIONS T - -
        715 NOT_EXPECTED C - MSNP_NOT_EXPECTED
        717 BAD_FRIEND_FILE T - -
        731 - C closes -
        800 - T - RATE_LIMIT_EXCEEDED
        910 - T - SERVER_TOO_BUSY
        911 AUTHENTICATION_FAILED L closes MSNP_911
        912 - T - -
        913 NOT_ALLOWED_WHEN_OFFLINE U - MSNP_NOT_ALLOWED_WHEN_OFFLINE
        914 - T - -
        915 - T - -
        916 - T - -
        917 - L closes INVALID_DOMAIN
        918 - T - INTERNAL_SERVER_ERROR
        919 - T - INTERNAL_SERVER_ERROR
        920 NOT_ACCEPTING_NEW_USERS T - NOT_ALLOWING_NEW_USERS
        921 - T - SERVER_TOO_BUSY
        922 - T - SERVER_TOO_BUSY
        923 - L closes CHILD_WITHOUT_CONSENT
        924 - L closes EMAIL_PASSPORT_NOT_VALIDATED
        928 - L closes INVALID_PASSWORD
        931 - T? closes -
        """

    @Test("The catalogue is the table of errors, in its order")
    func table() {
        let letters: [ErrorClass: String] = [
            .user: "U", .client: "C", .transient: "T", .loginFatal: "L", .success: "S",
        ]
        let rows = ErrorCatalogue.all.map { entry in
            [
                entry.code.description,
                entry.name.map { $0.hasPrefix("ERR_") ? String($0.dropFirst(4)) : "not a draft name: \($0)" } ?? "-",
                (letters[entry.errorClass] ?? "") + (entry.classNote == nil ? "" : "?"),
                entry.closes ? "closes" : "-",
                entry.laterName ?? "-",
            ].joined(separator: " ")
        }
        let expected = Self.table.split(separator: "\n").map(String.init)
        #expect(rows == expected)
    }

    @Test("What MSNP6 introduced and dropped")
    func deltas() {
        #expect(ErrorCatalogue.all.filter { $0.since == "MSNP6" }.map(\.code) == [540, 915, 916])
        #expect(ErrorCatalogue.all.filter { $0.removedIn == "MSNP6" }.map(\.code) == [215, 219, 919])
    }

    @Test("Disputed codes say so", arguments: [215, 219, 502, 707, 710, 917, 923, 924, 928] as [ErrorCode])
    func disputes(code: ErrorCode) throws {
        let entry = try #require(ErrorCatalogue.entry(for: code))
        #expect(entry.disagreement?.isEmpty == false)
    }

    @Test("Each entry says what it means and what to do, in whole sentences")
    func prose() {
        for entry in ErrorCatalogue.all {
            let texts = [entry.summary, entry.advice] + [entry.disagreement, entry.classNote].compactMap(\.self)
            for text in texts {
                #expect(text.hasSuffix(".") || text.hasSuffix("”."), "\(entry.code): \(text)")
                #expect(!text.contains("  "), "\(entry.code): \(text)")
            }
            #expect(ErrorCatalogue.entry(for: entry.code) == entry)
        }
        #expect(ErrorCatalogue.entry(for: 999) == nil)
    }

    @Test(
        "What codes mean at a sign-in, and unknown ones",
        arguments: [
            (.loginFatal, [206, 511, 911, 917, 923, 924, 928]),
            (.client, [207]),
            (.transient, [500, 501, 600, 601, 602, 603, 604, 605, 707, 711, 712, 713, 714]),
            (.transient, [910, 912, 914, 915, 916, 918, 919, 920, 921, 922, 931]),
            (.transient, [280, 402, 599, 999]),
            (.user, [100, 205, 218, 299, 301, 499, 502, 606, 913]), (.client, [503, 540, 710, 715, 731]),
        ] as [(ErrorClass, [ErrorCode])])
    func signIn(expected: ErrorClass, codes: [ErrorCode]) {
        for code in codes { #expect(ErrorCatalogue.signInClass(of: code) == expected, "\(code)") }
    }
}
