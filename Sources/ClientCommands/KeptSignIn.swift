import FoundationEssentials
package import GatewayClient

/// A sign-in of this person on this machine: where its gateway is, and the token of its session.
package struct KeptSignIn: Codable, Equatable, Sendable {
    package let gateway: GatewayAddress
    package let account: String
    /// The ID.
    package let session: String
    /// The file of those who may vouch for the gateway, as an absolute path; nil for the system's authorities.
    package let authorities: String?
    /// Who has it may do everything with the session.
    private let token: String

    package init(_ session: RemoteSession, account: String, authorities: String? = nil) {
        gateway = session.gateway.address
        self.account = account
        self.authorities = authorities
        self.session = session.id
        token = session.token.text
    }

    /// The session; throws `CommandFailure` where the token can't be one.
    package func open(_ options: ClientOptions) throws(CommandFailure) -> RemoteSession {
        guard let credential = GatewayCredential(token) else {
            throw .configuration("what is kept of the sign-in can't be used: sign in again")
        }
        return RemoteGateway(gateway, options: options).session(session, token: credential)
    }
}

extension KeptSignIn: CustomStringConvertible, CustomReflectable {
    package var description: String { "KeptSignIn(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The sign-ins of this person on this machine, by name: a file of mode 0600 for each.
package struct KeptSignIns: Sendable {
    /// What one is called that was given no name.
    package static let usual = "default"
    /// Characters of a name.
    private static let longest = 64

    private let directory: String

    /// Those in `XDG_STATE_HOME`, or `~/.local/state`; throws `CommandFailure` where nobody says where that is.
    package init(environment: [String: String]) throws(CommandFailure) {
        // A relative one is not to be followed (XDG Base Directory Specification).
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            directory = state + "/msnp-gateway/sign-ins"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            directory = home + "/.local/state/msnp-gateway/sign-ins"
        } else {
            throw .configuration("nobody says where the sign-in is to be kept: set XDG_STATE_HOME or HOME")
        }
    }

    /// The sign-in of a name; throws `CommandFailure` where there is none.
    package func load(_ name: String) throws(CommandFailure) -> KeptSignIn {
        let path = try path(name)
        guard FileManager.default.fileExists(atPath: path) else {
            let hint = name == Self.usual ? "" : " --as=\(name)"
            throw .configuration("nobody is signed in here: msnp-gateway login ACCOUNT\(hint)")
        }
        let bytes = try PrivateFile.read(path)
        guard let kept = try? JSONDecoder().decode(KeptSignIn.self, from: Data(bytes)) else {
            throw .configuration("what is kept of the sign-in can't be used: sign in again")
        }
        return kept
    }

    /// Keeps a sign-in in place of the one of that name.
    package func save(_ kept: KeptSignIn, as name: String) throws(CommandFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts, which always can be encoded.
        guard let data = try? encoder.encode(kept) else { throw .configuration("the sign-in can't be kept") }
        try PrivateFile.write(Array(data) + [UInt8(ascii: "\n")], to: try path(name))
    }

    /// Forgets a sign-in.
    package func remove(_ name: String) throws(CommandFailure) { try PrivateFile.remove(try path(name)) }

    private func path(_ name: String) throws(CommandFailure) -> String {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._-@".utf8.contains(byte)
            }
        }
        guard isName, (1...Self.longest).contains(name.utf8.count), name.utf8.first != UInt8(ascii: ".") else {
            throw .usage("A name consists of up to 64 letters, digits, dots, underscores, hyphens and @.")
        }
        return "\(directory)/\(name).json"
    }
}
