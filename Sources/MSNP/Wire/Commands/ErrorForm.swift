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
