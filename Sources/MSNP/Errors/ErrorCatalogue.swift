/// Every error code that any source names (protocol.md 17).
///
///     S: 911 4
///
/// The entries are data, by hundreds, in the extension files beside this one.
package enum ErrorCatalogue {
    /// All entries, lowest code first.
    package static let all: [ErrorEntry] =
        (requests + listsAndServices + serverTrouble + overload + authentication)
        .sorted { $0.code.rawValue < $1.code.rawValue }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    /// What is known about the code; nil for one that no source names.
    package static func entry(for code: ErrorCode) -> ErrorEntry? { byCode[code] }

    /// The codes that no retry of a sign-in can overcome (protocol.md 2.5).
    private static let signInFatal: Set<ErrorCode> = [206, 511, 911, 917, 923, 924, 928]

    /// What a code means as the answer to a sign-in, which is never `success`.
    ///
    /// From 500 up everything but the fatal codes is `transient`: most are documented so, and the rest, unknown ones
    /// included, are to be treated so for three attempts and as fatal after them (protocol.md 2.5, 17.2). Counting the
    /// attempts is the caller's. Below 500 the catalogue decides, and an unknown code is a refusal (`user`).
    package static func signInClass(of code: ErrorCode) -> ErrorClass {
        if signInFatal.contains(code) { return .loginFatal }
        if code.rawValue >= 500 { return .transient }
        let known = entry(for: code)?.errorClass ?? .user
        return known == .success ? .user : known
    }
}

extension ErrorCatalogue {
    /// What `ErrorEntry.classNote` says of the codes for which the table has a dash.
    static let noClass = "No source gives a class; taken as a refusal of the one operation."
}
