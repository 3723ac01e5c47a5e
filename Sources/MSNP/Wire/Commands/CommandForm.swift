/// What one command is on the wire: its name, what a trace shows of it, and whether a payload follows.
///
/// A type in `Wire/Commands` for each command of each side, beside what reads and writes it:
///
///     extension ServerCommand {
///         /// A contact has changed its status.
///         ///
///         ///     S: NLN BSY bob@example.com Bob
///         enum NLN: ParsedForm { … }
///     }
protocol CommandForm: Sendable {
    /// Three letters.
    static var name: String { get }

    /// What a trace shows of the parameters.
    ///
    /// It has no default: whoever adds a command says which of its parameters hold no secret.
    static var shown: ShownParameters { get }

    /// What a trace shows of the payload; nil for a command without one.
    static var payload: ShownPayload? { get }

    /// Whether a session can do without it, so that an operator may say that a backend lacks it (`OptionalCommand`).
    static var isOptional: Bool { get }
}

extension CommandForm {
    static var payload: ShownPayload? { nil }
    static var isOptional: Bool { false }

    /// The command with a number, or without one, and words as they are; a form whose parameters need more has a `frame` of its
    /// own.
    static func frame(_ transaction: TransactionID? = nil, _ words: [String] = []) -> Frame {
        Frame(name, transaction, words)
    }
}

/// A command that is read into a `Command`, an enumeration of what one side says.
protocol ParsedForm<Command>: CommandForm {
    associatedtype Command

    /// Reads the parameters.
    static func parse(_ reader: inout ParameterReader) throws(ParseError) -> Command
}

/// An error, whose three digits stand where a command's name would (docs/protocol.md#errors).
///
/// It may lack its transaction ID, and may carry free text after it (docs/protocol.md#transaction-ids).
///
///     S: 911 4
///     S: 540 7 some text
enum ErrorForm: CommandForm {
    /// In the place of the digits.
    static let name = "NNN"
    static let shown = ShownParameters.first(1)

    static func frame(_ code: ErrorCode, _ transaction: TransactionID?) -> Frame {
        Frame(code.description, transaction)
    }
}
