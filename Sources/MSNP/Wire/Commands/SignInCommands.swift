import ByteText

// The agreement on a dialect, and who signs in (docs/protocol.md#negotiation, #password).

extension ClientCommand {
    /// The dialects that we offer, best first.
    ///
    ///     C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
    enum VER: ParsedForm {
        static let name = "VER"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .dialects(try reader.transaction(), reader.rest())
        }
    }

    /// Asks for the ways to sign in.
    ///
    ///     C: INF 2
    enum INF: ParsedForm {
        static let name = "INF"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .securityPackages(try reader.transaction())
        }
    }

    /// Who signs in, and then the answer to the challenge.
    ///
    ///     C: USR 3 MD5 I alice@example.com
    ///     C: USR 7 MD5 S ca119f98ef5b826b095287c249ca8e87
    enum USR: ParsedForm {
        static let name = "USR"
        /// Package and step, and the handle; never the hash.
        static let shown = ShownParameters.counted { $0.says("MD5", at: 1) && $0.says("I", at: 2) ? 4 : 3 }

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            let transaction = try reader.transaction()
            let package = try reader.word().text
            switch try reader.word() {
            case "I": return .nameAccount(transaction, package: package, handle: try reader.plainHandle())
            case "S": return .answerSignIn(transaction, package: package, hash: Redacted(try reader.required()))
            default: throw reader.invalid()
            }
        }

        static func frame(_ transaction: TransactionID, package: String, handle: String) -> Frame {
            Frame(name, transaction, [package, "I", handle])
        }

        static func frame(_ transaction: TransactionID, package: String, hash: Redacted<String>) -> Frame {
            Frame(name, transaction, [package, "S", hash.value])
        }
    }
}

extension ServerCommand {
    /// The dialect that the server has chosen, or a list of dialects, or `0` for none.
    ///
    ///     S: VER 1 MSNP6
    enum VER: ParsedForm {
        static let name = "VER"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .dialects(try reader.transaction(), reader.rest())
        }
    }

    /// The ways to sign in; the draft separates them with commas, servers with spaces (docs/protocol.md#sign-in-steps).
    ///
    ///     S: INF 2 MD5
    enum INF: ParsedForm {
        static let name = "INF"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let names = reader.rest().flatMap {
                $0.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
            }
            return .securityPackages(transaction, names)
        }
    }

    /// A challenge, or that we are in.
    ///
    ///     S: USR 6 MD5 S 1013928519.693957190
    ///     S: USR 7 OK alice@example.com Alice%20A. 1
    enum USR: ParsedForm {
        static let name = "USR"
        /// Package and step, and not the challenge, which can be the salt of an account for good
        /// (docs/protocol.md#password).
        static let shown = ShownParameters.counted { $0.says("OK", at: 1) ? 5 : 3 }

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let word = try reader.word()
            guard word != "OK" else {
                let handle = try reader.handle()
                let name = try reader.text()
                // What stands there instead is nobody's business, whatever its length.
                let bit = reader.optional() ?? ""
                let verified: Bool? = ASCII.equals(bit, "1") ? true : ASCII.equals(bit, "0") ? false : nil
                return .signedIn(transaction, handle: handle, name: name, verified: verified)
            }
            guard try reader.word() == "S" else { throw reader.invalid() }
            return .signInChallenge(transaction, package: word.text, challenge: try reader.required())
        }

        static func frame(_ transaction: TransactionID, package: String, challenge: String) -> Frame {
            Frame(name, transaction, [package, "S", challenge])
        }

        static func frame(_ transaction: TransactionID, _ member: ListMember, verified: Bool?) -> Frame {
            Frame(name, transaction, ["OK"] + member.parameters + (verified.map { [$0 ? "1" : "0"] } ?? []))
        }
    }
}
