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
