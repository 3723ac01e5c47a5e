import Digests
import HTTPFront
import Storage

/// For what a key counts: the session, the path and the key itself, as one digest.
///
/// Not the credential: whoever signs in again after an answer was lost has another token, and means the same act.
struct IdempotencyScope: Hashable, Sendable {
    /// The session's ID, whose keys are counted together; empty for a call that is about none.
    let session: String
    let digest: [UInt8]

    /// One that was kept.
    init(_ stored: StoredCall) {
        session = stored.session.text
        digest = stored.scope
    }

    init(_ key: IdempotencyKey, _ head: RequestHead, session: String?) {
        self.session = session ?? ""
        // None of the parts has a line feed in it.
        let parts = [self.session, head.path, key.text].joined(separator: "\n")
        digest = SHA256.digest(of: Array(parts.utf8))
    }
}
