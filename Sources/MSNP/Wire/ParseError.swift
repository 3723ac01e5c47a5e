/// Why a frame is not the command that its name says; harmless from a server, which is ignored and logged.
package enum ParseError: Error, Equatable, Sendable {
    /// A name that this side of the conversation does not know; `?` for what has not even a command's form.
    case unknownCommand(String)
    /// The transaction ID is missing or not a number.
    case invalidTransaction(command: String)
    /// A parameter is missing; `index` counts from 0 after the command's name.
    case missingParameter(command: String, index: Int)
    /// A parameter is there and makes no sense.
    case invalidParameter(command: String, index: Int)
    /// A parameter is longer than its limit (`WireLimits`), so that it is compared with nothing.
    case tooLong(command: String, index: Int)
}
