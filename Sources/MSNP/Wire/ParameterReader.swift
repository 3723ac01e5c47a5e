/// Reads a frame's parameters from left to right (protocol.md 1.2: positional, a missing trailing one counts as empty).
struct ParameterReader {
    let frame: Frame
    private(set) var index = 0

    init(_ frame: Frame) {
        self.frame = frame
    }

    var remaining: Int { max(0, frame.parameters.count - index) }

    /// The next raw token without taking it.
    var peeked: String? { index < frame.parameters.count ? frame.parameters[index] : nil }

    mutating func skip() { index += 1 }

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

    /// The next token percent-decoded; empty when it is missing.
    mutating func text() -> String { PercentEncoding.decode(optional() ?? "") }

    /// The next token percent-decoded, or nil when it is missing or empty.
    mutating func optionalText() -> String? { optionalToken().map(PercentEncoding.decode) }

    mutating func transaction() throws(ParseError) -> TransactionID {
        guard let token = optional(), let transaction = TransactionID(parsing: token) else {
            throw .invalidTransaction(command: frame.command)
        }
        return transaction
    }

    mutating func number() throws(ParseError) -> UInt32 {
        let token = try required()
        // The digits of a transaction ID are those of every number in a command.
        guard let value = TransactionID(parsing: token)?.rawValue else { throw invalid() }
        return value
    }

    mutating func value<Value: RawRepresentable>(_ type: Value.Type) throws(ParseError) -> Value
    where Value.RawValue == String {
        let token = try required()
        guard let value = Value(rawValue: token) else { throw invalid() }
        return value
    }

    /// The error that names the token taken last.
    func invalid() -> ParseError { .invalidParameter(command: frame.command, index: index - 1) }
}
