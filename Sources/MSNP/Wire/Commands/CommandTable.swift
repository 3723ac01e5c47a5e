/// The commands of one side by their names.
struct CommandTable<Command>: Sendable {
    private let parsed: NameTable<any ParsedForm<Command>.Type>
    private let unread: NameTable<any CommandForm.Type>
    private let error: (@Sendable (ErrorCode, TransactionID?) -> Command)?

    /// - Parameters:
    ///   - unread: commands that this product never reads, but shows in a trace.
    ///   - error: what an error is; nil for the side that sends none.
    init(
        _ parsed: [any ParsedForm<Command>.Type], unread: [any CommandForm.Type] = [],
        error: (@Sendable (ErrorCode, TransactionID?) -> Command)? = nil
    ) {
        self.parsed = NameTable(parsed.map { (key: $0.name, value: $0) })
        self.unread = NameTable(unread.map { (key: $0.name, value: $0) })
        self.error = error
    }

    /// Reads a frame.
    ///
    /// Throws `ParseError`: `unknownCommand` for a name that is not in the table.
    func parse(_ frame: Frame) throws(ParseError) -> Command {
        var reader = ParameterReader(frame)
        return try parse(&reader)
    }

    /// Reads the frame of a reader, which then stands behind the last parameter that was read.
    func parse(_ reader: inout ParameterReader) throws(ParseError) -> Command {
        if let form = parsed[reader.frame.command] { return try form.parse(&reader) }
        guard let error, let code = ErrorCode(parsing: reader.frame.command) else {
            throw .unknownCommand(reader.frame.printableCommand)
        }
        return error(code, reader.frame.transaction)
    }

    /// The form of the command with that name; nil for a name that is not in the table.
    func form(of name: String) -> (any CommandForm.Type)? {
        if let form = parsed[name] ?? unread[name] { return form }
        return error != nil && ErrorCode(parsing: name) != nil ? ErrorForm.self : nil
    }

    /// All of them, in no order.
    var forms: [any CommandForm.Type] { parsed.values.map { $0 as any CommandForm.Type } + unread.values }

    /// The commands that a payload follows, and what a trace shows of it.
    var payloads: [String: ShownPayload] {
        Dictionary(uniqueKeysWithValues: forms.compactMap { form in form.payload.map { (form.name, $0) } })
    }
}
