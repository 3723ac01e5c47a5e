import ByteText

// The way to other servers (docs/protocol.md#referrals, #calling, #being-called).

extension ClientCommand {
    /// Asks for a switchboard to talk on.
    ///
    ///     C: XFR 20 SB
    enum XFR: ParsedForm {
        static let name = "XFR"
        static let shown = ShownParameters.first(2)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .requestTransfer(try reader.transaction(), kind: try reader.word().text)
        }

        static func frame(_ transaction: TransactionID, kind: String) -> Frame { Frame(name, transaction, [kind]) }
    }
}

extension ServerCommand {
    /// Sends us to another server, or to a switchboard.
    ///
    ///     S: XFR 3 NS 10.0.0.5:1863 0
    ///     S: XFR 20 SB 10.0.1.200:1863 CKI 17262.1013928521.3692
    enum XFR: ParsedForm {
        static let name = "XFR"
        /// Behind the address of a switchboard comes the word for what its cookie is, and the cookie.
        static let shown = ShownParameters.counted { $0.says("NS", at: 1) || $0.says("SB", at: 1) ? 4 : 2 }

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let kind = try reader.word()
            if let place = reader.peeked, ASCII.equals(place, "0") { return .referral(transaction, .restart) }
            let address = try reader.address()
            switch kind {
            case "NS": return .referral(transaction, .notification(address))
            case "SB":
                reader.skip()  // the authentication type, always CKI
                return .referral(transaction, .switchboard(address, cookie: Redacted(try reader.ticket())))
            default: throw .invalidParameter(command: name, index: 1)
            }
        }

        static func frame(_ transaction: TransactionID, _ referral: Referral) -> Frame {
            let parameters =
                switch referral {
                // The constant 0 is part of the form since MSNP3 (docs/protocol.md#referrals).
                case .notification(let address): ["NS", address.description, "0"]
                case .restart: ["NS", "0"]
                case .switchboard(let address, let cookie): ["SB", address.description, "CKI", cookie.value]
                }
            return Frame(name, transaction, parameters)
        }
    }

    /// Somebody waits for us at a switchboard.
    ///
    ///     S: RNG 11752099 10.0.1.200:1863 CKI 849102291.520491113 bob@example.com Bob%20B.
    enum RNG: ParsedForm {
        static let name = "RNG"
        /// All but the cookie.
        static let shown = ShownParameters.first(6, blanking: 3)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let session = try reader.ticket()
            let address = try reader.address()
            reader.skip()  // the authentication type, always CKI
            return .ring(
                Ring(
                    session: session, address: address, cookie: Redacted(try reader.ticket()),
                    caller: try reader.member()))
        }

        static func frame(_ ring: Ring) -> Frame {
            Frame(
                name,
                [ring.session, ring.address.description, "CKI", ring.cookie.value] + ring.caller.parameters)
        }
    }
}

/// A call to a switchboard on which somebody waits for us (docs/protocol.md#being-called).
///
///     S: RNG 11752099 10.0.1.200:1863 CKI 849102291.520491113 bob@example.com Bob%20B.
package struct Ring: Equatable, Sendable {
    /// Names the switchboard's session; opaque: decimal on some servers, hexadecimal on others.
    package var session: String
    package var address: ServerAddress
    /// Opens the switchboard once, and soon.
    package var cookie: Redacted<String>
    package var caller: ListMember

    package init(session: String, address: ServerAddress, cookie: Redacted<String>, caller: ListMember) {
        self.session = session
        self.address = address
        self.cookie = cookie
        self.caller = caller
    }
}

/// Where `XFR` sends a client (docs/protocol.md#referrals).
package enum Referral: Equatable, Sendable {
    /// `XFR 3 NS 10.0.0.5:1863 0`: sign in at another notification server.
    case notification(ServerAddress)
    /// `XFR 3 NS 0`: start again from `VER` on the same connection.
    case restart
    /// `XFR 20 SB 10.0.1.200:1863 CKI 17262.1013928521.3692`: a switchboard and the cookie that opens it once.
    case switchboard(ServerAddress, cookie: Redacted<String>)
}
