import ByteText

// Where the service's pages are (docs/protocol.md#services).

extension ClientCommand {
    /// Asks for the address of a page.
    ///
    ///     C: URL 24 PROFILE 0x0409
    enum URL: ParsedForm {
        static let name = "URL"
        static let shown = ShownParameters.first(3)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .requestService(
                try reader.transaction(), service: try reader.word().text, parameter: reader.optionalToken())
        }

        static func frame(_ transaction: TransactionID, service: String, parameter: String?) -> Frame {
            Frame(name, transaction, [service] + (parameter.map { [$0] } ?? []))
        }
    }
}

extension ServerCommand {
    /// The address of a page, and of the sign-in before it.
    ///
    ///     S: URL 23 /cgi-bin/compose https://login.example/ppsecure/md5auth.srf?lc=1033 2
    enum URL: ParsedForm {
        static let name = "URL"
        /// Without the queries, in which sites put tickets.
        static let shown = ShownParameters.first(4, withoutQuery: 1, 2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .service(
                try reader.transaction(),
                ServiceReply(
                    redirect: reader.optional() ?? "", login: reader.optional() ?? "", siteID: reader.optionalToken()))
        }

        static func frame(_ transaction: TransactionID, _ reply: ServiceReply) -> Frame {
            Frame(name, transaction, [reply.redirect, reply.login] + (reply.siteID.map { [$0] } ?? []))
        }
    }
}

/// The answer to `URL` (docs/protocol.md#url), its URLs raw: their own escapes have to survive.
///
///     S: URL 24 http://members.example/Edit.asp?lc=1033 https://login.example/ppsecure/md5auth.srf?lc=1033 4263
package struct ServiceReply: Equatable, Sendable {
    package var redirect: String
    package var login: String
    /// Absent below MSNP3.
    package var siteID: String?

    package init(redirect: String, login: String, siteID: String?) {
        self.redirect = redirect
        self.login = login
        self.siteID = siteID
    }
}
