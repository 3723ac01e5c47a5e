/// Every error code that any source names (docs/protocol.md#errors).
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

    /// Of no class of its own that would end a sign-in, yet no retry can overcome it (docs/protocol.md#refusals).
    private static let signInFatal: Set<ErrorCode> = [206]

    /// What a code means as the answer to a sign-in, which is never `success`.
    ///
    /// The catalogue's class counts. A code that no source names passes from 500 up and is a refusal below
    /// (docs/protocol.md#refusals); counting the attempts is the caller's.
    package static func signInClass(of code: ErrorCode) -> ErrorClass {
        if signInFatal.contains(code) { return .loginFatal }
        guard let known = entry(for: code)?.errorClass else { return code.rawValue >= 500 ? .transient : .user }
        return known == .success ? .user : known
    }
}

extension ErrorCatalogue {
    /// What `ErrorEntry.classNote` says of the codes for which the table has a dash.
    static let noClass = "No source gives a class; taken as a refusal of the one operation."
}
