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
