extension ServerCommand {
    /// The frame that says this on the wire, as the documents write it.
    package var frame: Frame {
        switch self {
        case .dialects(let transaction, let names): Frame("VER", [transaction.description] + names)
        case .securityPackages(let transaction, let names): Frame("INF", [transaction.description] + names)
        case .signInChallenge(let transaction, let package, let challenge):
            Frame("USR", [transaction.description, package, "S", challenge])
        case .signedIn(let transaction, let handle, let name, let verified):
            Frame(
                "USR",
                [transaction.description, "OK"] + ListMember(handle: handle, name: name).parameters
                    + (verified.map { [$0 ? "1" : "0"] } ?? []))
        case .referral(let transaction, let referral):
            Frame("XFR", [transaction.description] + referral.parameters)
        case .clientVersion(let transaction, let values): Frame("CVR", [transaction.description] + values)
        case .signedOut(let reason): Frame("OUT", reason.parameters)
        case .synchronization(let transaction, let version):
            Frame("SYN", [transaction.description, String(version)])
        case .list(let transaction, let entry):
            Frame(
                "LST",
                [
                    transaction.description, entry.list.rawValue, String(entry.version), String(entry.index),
                    String(entry.count),
                ] + (entry.member?.parameters ?? []))
        case .addPrompt(let transaction, let version, let value):
            Frame("GTC", [transaction.description] + Self.number(version) + [value.rawValue])
        case .privacy(let transaction, let version, let value):
            Frame("BLP", [transaction.description] + Self.number(version) + [value.rawValue])
        case .ownPhone(let transaction, let version, let property, let value):
            Frame(
                "PRP",
                (transaction.map { [$0.description] } ?? []) + Self.number(version) + [property.rawValue]
                    + Self.optional(value))
        case .contactPhone(let version, let handle, let property, let value):
            Frame(
                "BPR",
                Self.number(version) + Self.optional(handle) + [property.rawValue] + Self.optional(value))
        case .added(let transaction, let list, let version, let member):
            Frame("ADD", [transaction.description, list.rawValue] + Self.number(version) + member.parameters)
        case .removed(let transaction, let list, let version, let handle):
            Frame(
                "REM",
                [transaction.description, list.rawValue] + Self.number(version) + [PercentEncoding.encode(handle)])
        case .renamed(let transaction, let version, let member):
            Frame("REA", [transaction.description] + Self.number(version) + member.parameters)
        case .ownPresence(let transaction, let presence):
            Frame("CHG", [transaction.description, presence.rawValue])
        case .initialPresence(let transaction, let presence, let member):
            Frame("ILN", [transaction.description, presence.rawValue] + member.parameters)
        case .presence(let presence, let member): Frame("NLN", [presence.rawValue] + member.parameters)
        case .offline(let handle): Frame("FLN", [PercentEncoding.encode(handle)])
        case .pong: Frame("QNG")
        case .challenge(let transaction, let challenge):
            Frame("CHL", (transaction.map { [$0.description] } ?? []) + [challenge])
        case .challengeAccepted(let transaction): Frame("QRY", [transaction.description])
        case .service(let transaction, let reply):
            Frame(
                "URL",
                [transaction.description, reply.redirect, reply.login] + (reply.siteID.map { [$0] } ?? []))
        case .message(let sender, let payload):
            Frame("MSG", sender.parameters, payload: payload.value)
        case .alert(let payload): Frame("NOT", payload: payload.value)
        case .page(let payload): Frame("IPG", payload: payload.value)
        case .ring(let ring):
            Frame(
                "RNG",
                [ring.session, ring.address.description, "CKI", ring.cookie.value] + ring.caller.parameters)
        case .found(let transaction, let index, let count, let entry):
            Frame("FND", [transaction.description, String(index), String(count)] + (entry?.parameters ?? []))
        case .mailSent(let transaction): Frame("SND", [transaction.description, "OK"])
        case .invitationSent(let transaction): Frame("SDC", [transaction.description, "OK"])
        case .error(let code, let transaction):
            Frame(code.description, transaction.map { [$0.description] } ?? [])
        }
    }

    private static func number(_ version: UInt32?) -> [String] { version.map { [String($0)] } ?? [] }

    private static func optional(_ value: String?) -> [String] {
        value.map { [PercentEncoding.encode($0)] } ?? []
    }
}

extension ListMember {
    // Parsing decodes handles, so a percent sign in one has to be encoded; all other handles stay as they are.
    var parameters: [String] { [PercentEncoding.encode(handle), PercentEncoding.encode(name)] }
}

extension Referral {
    fileprivate var parameters: [String] {
        switch self {
        // The constant 0 is part of the form since MSNP3 (protocol.md 2.6).
        case .notification(let address): ["NS", address.description, "0"]
        case .restart: ["NS", "0"]
        case .switchboard(let address, let cookie): ["SB", address.description, "CKI", cookie.value]
        }
    }
}

extension SignOutReason {
    var parameters: [String] {
        switch self {
        case .unspecified: []
        case .signedInElsewhere: ["OTH"]
        case .serverShutdown: ["SSD"]
        case .other(let word): [word]
        }
    }
}
