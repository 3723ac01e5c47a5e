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

/// What is known about one error code (docs/protocol.md#error-table).
package struct ErrorEntry: Equatable, Sendable {
    package let code: ErrorCode
    /// The name in the 1999 draft, where it has one.
    package let name: String?
    /// What the code means, and what brings it about.
    package let summary: String
    /// Where the code appears first: in a dialect's client (`MSNP2`) or in the `draft` alone; nil when nobody says.
    ///
    /// It tells what official clients recognise; a server of any dialect may send any code.
    package let since: String?
    /// Which dialect's client stopped recognising it.
    package let removedIn: String?
    package let errorClass: ErrorClass
    /// Where the sources give two classes or none, which, and what decides.
    package let classNote: String?
    /// Whether the server drops the connection afterwards.
    ///
    /// Every error that answers a sign-in is followed by a close, whatever this says (docs/protocol.md#refusals).
    package let closes: Bool
    /// The name of the result that later clients turn it into.
    package let laterName: String?
    /// What somebody who gets it as an answer should do, in one sentence.
    package let advice: String
    /// Where the sources contradict each other.
    package let disagreement: String?

    init(
        _ code: ErrorCode,
        named name: String? = nil,
        _ summary: String,
        since: String? = nil,
        removedIn: String? = nil,
        _ errorClass: ErrorClass,
        classNote: String? = nil,
        closes: Bool = false,
        laterName: String? = nil,
        advice: String,
        disagreement: String? = nil
    ) {
        self.code = code
        self.name = name
        self.summary = summary
        self.since = since
        self.removedIn = removedIn
        self.errorClass = errorClass
        self.classNote = classNote
        self.closes = closes
        self.laterName = laterName
        self.advice = advice
        self.disagreement = disagreement
    }
}

/// What a client does about an error (docs/protocol.md#error-classes).
package enum ErrorClass: String, CaseIterable, Sendable {
    /// U: something the person asked for is refused; show it, do not retry.
    case user
    /// C: the client's own mistake; log it, do not retry.
    case client
    /// T: passes; try again later, with back-off.
    case transient
    /// L: ends the sign-in until the person does something about the account.
    case loginFatal
    /// S: an error in form only; what was wanted is already so.
    case success
}
