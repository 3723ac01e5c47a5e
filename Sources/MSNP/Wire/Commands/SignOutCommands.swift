import ByteText

// The end of a connection (docs/protocol.md#out), the same with every server.

extension ClientCommand {
    /// We leave.
    ///
    ///     C: OUT
    enum OUT: ParsedForm {
        static let name = "OUT"
        static let shown = ShownParameters.nothing

        static func parse(_ reader: inout ParameterReader) -> ClientCommand { .signOut }
    }
}

extension ServerCommand {
    /// The server ends the connection, and may say why.
    ///
    ///     S: OUT OTH
    enum OUT: ParsedForm {
        static let name = "OUT"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) -> ServerCommand {
            .signedOut(SignOutReason(parsing: reader.optional()))
        }

        static func frame(_ reason: SignOutReason) -> Frame { Frame(name, reason.parameters) }
    }
}

extension SwitchboardClientCommand {
    /// We leave the switchboard.
    ///
    ///     C: OUT
    enum OUT: ParsedForm {
        static let name = ClientCommand.OUT.name
        static let shown = ClientCommand.OUT.shown

        /// Whatever stands behind it.
        static func parse(_ reader: inout ParameterReader) -> SwitchboardClientCommand {
            _ = reader.rest()
            return .leave
        }
    }
}

extension SwitchboardServerCommand {
    /// The switchboard ends the connection.
    ///
    ///     S: OUT
    enum OUT: ParsedForm {
        static let name = ServerCommand.OUT.name
        static let shown = ServerCommand.OUT.shown

        static func parse(_ reader: inout ParameterReader) -> SwitchboardServerCommand {
            .signedOut(SignOutReason(parsing: reader.optional()))
        }

        static func frame(_ reason: SignOutReason) -> Frame { ServerCommand.OUT.frame(reason) }
    }
}

extension SignOutReason {
    fileprivate init(parsing word: String?) {
        let word = word ?? ""
        if word.isEmpty {
            self = .unspecified
        } else if ASCII.equals(word, "OTH") {
            self = .signedInElsewhere
        } else {
            self = ASCII.equals(word, "SSD") ? .serverShutdown : .other(word)
        }
    }

    fileprivate var parameters: [String] {
        switch self {
        case .unspecified: []
        case .signedInElsewhere: ["OTH"]
        case .serverShutdown: ["SSD"]
        case .other(let word): [word]
        }
    }
}

/// What a server says with `OUT` (docs/protocol.md#out).
package enum SignOutReason: Equatable, Sendable {
    /// `OUT`
    case unspecified
    /// `OUT OTH`: the account signed in elsewhere.
    case signedInElsewhere
    /// `OUT SSD`: the server goes down for maintenance.
    case serverShutdown
    /// A word of a later dialect.
    case other(String)
}
