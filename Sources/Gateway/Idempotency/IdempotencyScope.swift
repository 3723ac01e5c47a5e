import Digests
import HTTPFront

/// Whose key it is and for what: the credential, the session, the path and the key itself, as one digest.
struct IdempotencyScope: Hashable, Sendable {
    /// The session's ID, whose keys are counted together; empty for a call that is about none.
    let session: String
    private let digest: [UInt8]

    init(_ key: IdempotencyKey, _ head: RequestHead, session: String?) {
        self.session = session ?? ""
        let credential = Credential(in: head).map { credential in
            switch credential {
            case .key(let digest), .token(let digest): digest.hexadecimal
            }
        }
        // None of the parts has a line feed in it.
        let parts = [credential ?? "", self.session, head.path, key.text].joined(separator: "\n")
        digest = SHA256.digest(of: Array(parts.utf8))
    }
}
