import ByteText
import Digests
import MSNP

/// The body of `POST /v1/sessions`, checked.
struct SignInRequest: Sendable {
    let account: Handle
    let password: Secret
    /// Nil for the default backend.
    let backend: ByteText?
    let status: Presence?
    let displayName: DisplayName?
    /// Whether the caller's device keeps the token, so that the session has to wait for it.
    let isKept: Bool

    /// Bytes in a password: far beyond what any server takes, and little enough to digest at once.
    static let longestPassword = 1024

    /// Throws `Problem` 400 with everything that is wrong, `keep` among it where the gateway keeps no session.
    init(body: [UInt8], canKeep: Bool) throws(Problem) {
        let (members, password) = try JSONText.object(body, secret: "password")
        var reader = BodyReader(members)
        let account = reader.account("account")
        _ = reader.requiredString("password")
        if let password, !(1...Self.longestPassword).contains(password.count) {
            reader.refuse("password", "has to have 1 to \(Self.longestPassword) bytes")
        }
        backend = reader.string("backend").map { ByteText($0) }
        status = reader.presence("status", required: false)
        displayName = reader.displayName("displayName", required: false)
        isKept = reader.flag("keep") ?? false
        if isKept, !canKeep { reader.refuse("keep", "is not allowed by this gateway") }
        try reader.finish()
        guard let account, let password else { throw Problem(.invalidRequest, "The body is not complete.") }
        self.account = account
        self.password = password
    }
}
