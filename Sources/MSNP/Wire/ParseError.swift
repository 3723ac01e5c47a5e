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
