import ByteText

/// Reads a frame's parameters from left to right (docs/protocol.md#lines: positional, a missing trailing one counts as
/// empty).
struct ParameterReader {
    let frame: Frame
    private(set) var index = 0

    init(_ frame: Frame) {
        self.frame = frame
    }

    var remaining: Int { max(0, frame.parameters.count - index) }

    /// The next raw token without taking it.
    var peeked: String? { index < frame.parameters.count ? frame.parameters[index] : nil }

    /// The bytes behind the line; none for a command without a payload.
    var payload: [UInt8] { frame.payload ?? [] }

    mutating func skip() { index += 1 }

    /// All raw tokens that are left.
    mutating func rest() -> [String] {
        defer { index = max(index, frame.parameters.count) }
        return Array(frame.parameters.dropFirst(index))
    }

    /// The next raw token, or nil at the end.
    mutating func optional() -> String? {
        defer { index += 1 }
        return index < frame.parameters.count ? frame.parameters[index] : nil
    }

    /// The next raw token, or nil when it is missing or empty.
    mutating func optionalToken() -> String? {
        guard let token = optional(), !token.isEmpty else { return nil }
        return token
    }

    /// The next raw token, which must be there and hold something.
    mutating func required() throws(ParseError) -> String {
        guard let token = optional(), !token.isEmpty else {
            throw .missingParameter(command: frame.command, index: index - 1)
        }
        return token
    }

    /// The next token percent-decoded, of at most `WireLimits.receivedText`; empty when it is missing.
    mutating func text() throws(ParseError) -> String {
        try bounded(PercentEncoding.decode(optional() ?? ""), WireLimits.receivedText)
    }

    /// The next token percent-decoded, of at most `WireLimits.receivedText`, or nil when it is missing or empty.
    mutating func optionalText() throws(ParseError) -> String? {
        let text = try text()
        return text.isEmpty ? nil : text
    }

    /// The next token as a word that is compared, which must be there and hold something.
    mutating func word() throws(ParseError) -> ByteText {
        ByteText(try bounded(try required(), WireLimits.word))
    }

    /// Takes a word that has to stand here.
    mutating func expect(_ expected: ByteText) throws(ParseError) {
        guard try word() == expected else { throw invalid() }
    }

    /// The next token as a handle, which must be there; some servers encode them, `%40` and all (docs/protocol.md#encoding).
    mutating func handle() throws(ParseError) -> String {
        try bounded(PercentEncoding.decode(try required()), WireLimits.handle)
    }

    /// The next token as a handle as clients write it: as it is, without escapes.
    ///
    /// It has the limit of a name, for which it stands where none follows: servers answer a handle that is too long (201).
    mutating func plainHandle() throws(ParseError) -> String { try bounded(try required(), WireLimits.receivedText) }

    /// The next two tokens as a handle and a name, which may be missing.
    mutating func member() throws(ParseError) -> ListMember {
        ListMember(handle: try handle(), name: try text())
    }

    /// The next two tokens as the sender of a message; servers send messages too, and not always under a handle.
    mutating func sender() throws(ParseError) -> ListMember {
        let handle = try bounded(PercentEncoding.decode(optional() ?? ""), WireLimits.handle)
        return ListMember(handle: handle, name: try text())
    }

    /// The next token as what names or opens a session, which must be there.
    mutating func ticket() throws(ParseError) -> String { try bounded(try required(), WireLimits.ticket) }

    /// The next token as a server's address.
    mutating func address() throws(ParseError) -> ServerAddress {
        guard let address = ServerAddress(parsing: try bounded(try required(), WireLimits.address)) else {
            throw invalid()
        }
        return address
    }

    /// Returns the text taken last; throws when it is longer than its limit.
    private func bounded(_ text: String, _ limit: Int) throws(ParseError) -> String {
        guard text.utf8.count <= limit else { throw .tooLong(command: frame.command, index: index - 1) }
        return text
    }

    mutating func transaction() throws(ParseError) -> TransactionID {
        guard let token = optional(), let transaction = TransactionID(parsing: token) else {
            throw .invalidTransaction(command: frame.command)
        }
        return transaction
    }

    mutating func number() throws(ParseError) -> UInt32 {
        let token = try required()
        // All numbers in a command are written like transaction IDs.
        guard let value = TransactionID(parsing: token)?.rawValue else { throw invalid() }
        return value
    }

    /// The next token if it is a number; otherwise nil, and the token stays.
    mutating func optionalNumber() -> UInt32? {
        guard let token = peeked, let value = TransactionID(parsing: token)?.rawValue else { return nil }
        skip()
        return value
    }

    mutating func value<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) throws(ParseError) -> Value
    where Value.RawValue == String {
        let word = try word()
        guard let value = Value.allCases.first(where: { ByteText($0.rawValue) == word }) else { throw invalid() }
        return value
    }

    /// The error that names the token taken last.
    func invalid() -> ParseError { .invalidParameter(command: frame.command, index: index - 1) }
}

/// Why a frame can't be read as the command that it names; a server's frame is then ignored and logged.
package enum ParseError: Error, Equatable, Sendable {
    /// A name that this side does not know; `?` for a word that has not even a command's form.
    case unknownCommand(String)
    /// The transaction ID is missing or not a number.
    case invalidTransaction(command: String)
    /// A parameter is missing; `index` counts from 0 after the command's name.
    case missingParameter(command: String, index: Int)
    /// A parameter is there and makes no sense.
    case invalidParameter(command: String, index: Int)
    /// A parameter is longer than its limit (`WireLimits`), and was compared with nothing.
    case tooLong(command: String, index: Int)
}
