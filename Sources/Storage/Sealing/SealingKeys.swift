import ByteText
package import Digests
import Encodings

/// The keys that passwords are sealed with: the first seals, all open.
///
/// So a key is changed without losing anything: the new one is put before the old one, each start seals everything anew with
/// the first, and the old one is taken out once nothing is under it any more.
package struct SealingKeys: Sendable {
    /// Why a file holds no keys; it says nothing of what stands in it.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Keys at most: one that seals and those that are on their way out.
    package static let most = 16
    /// Bytes of a file of keys at most, comments included.
    package static let longest = 16 << 10

    fileprivate struct Key: Sendable {
        let id: SealingKeyID
        let bytes: Secret
    }

    private let keys: [Key]

    /// Reads a file: 32 bytes, or lines `ID base64` of which the first seals; empty lines and those with `#` don't count.
    ///
    /// Throws `Malformed`.
    package init(file: [UInt8]) throws(Malformed) {
        if file.count == AES256GCM.keySize {
            keys = [Key(id: SealingKeyID(of: file), bytes: Secret(copying: file.span))]
            return
        }
        guard file.count <= Self.longest else { throw Malformed(description: "is too large") }
        var keys: [Key] = []
        for (index, line) in file.split(separator: UInt8(ascii: "\n")).enumerated() {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
            guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
            guard words.count == 2, let id = SealingKeyID(String(decoding: first, as: UTF8.self)),
                let bytes = Base64.decodeLeniently(words[1]), bytes.count == AES256GCM.keySize
            else {
                throw Malformed(
                    description: "holds neither 32 bytes nor lines of an ID and Base64 of 32 bytes (line \(index + 1))")
            }
            guard !keys.contains(where: { $0.id == id }) else { throw Malformed(description: "has a key ID twice") }
            keys.append(Key(id: id, bytes: Secret(copying: bytes.span)))
        }
        guard !keys.isEmpty else { throw Malformed(description: "holds no key") }
        guard keys.count <= Self.most else { throw Malformed(description: "holds more than \(Self.most) keys") }
        self.keys = keys
    }

    /// A line for a new key, with a line end.
    package static func makeLine() -> [UInt8] {
        let bytes = SecureRandom.bytes(count: AES256GCM.keySize)
        return Array("\(SealingKeyID(of: bytes).text) \(Base64.encode(bytes, .standard))\n".utf8)
    }

    /// The one that seals.
    package var first: SealingKeyID { keys[0].id }

    /// The IDs of all of them.
    package var ids: [SealingKeyID] { keys.map(\.id) }

    /// Seals a secret for one session or webhook alone.
    package func seal(_ password: Secret, for context: SealingContext) -> SealedPassword {
        let nonce = SecureRandom.bytes(count: AES256GCM.nonceSize)
        let sealed = password.withBytes { password in
            keys[0].withBytes { key in
                AES256GCM.seal(password, key: key, nonce: nonce, associated: context.bytes(keys[0].id))
            }
        }
        return SealedPassword(key: keys[0].id, bytes: nonce + sealed)
    }

    /// Opens what was sealed; nil where no key of these sealed it, or not for that.
    package func open(_ sealed: SealedPassword, for context: SealingContext) -> Secret? {
        guard let key = keys.first(where: { $0.id == sealed.key }), sealed.bytes.count > AES256GCM.nonceSize else {
            return nil
        }
        let nonce = Array(sealed.bytes.prefix(AES256GCM.nonceSize))
        let rest = Array(sealed.bytes.dropFirst(AES256GCM.nonceSize))
        return key.withBytes { AES256GCM.open(rest, key: $0, nonce: nonce, associated: context.bytes(key.id)) }
    }
}

extension SealingKeys.Key {
    /// Lends the bytes as the cipher wants them.
    fileprivate func withBytes<Value>(_ body: ([UInt8]) -> Value) -> Value {
        bytes.withBytes { span in
            body(span.indices.map { span[$0] })
        }
    }
}

/// What a key is called: 1 to 32 of `A` to `Z`, `a` to `z`, `0` to `9`, `-`, `_` and `.`.
package struct SealingKeyID: BytewiseText {
    package let text: String

    /// Characters at most.
    package static let longest = 32

    /// Nil for what no key is called.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = text
    }

    /// The ID of a key that has none of its own: eight bytes of its digest, which tell nobody the key.
    init(of key: [UInt8]) {
        text = Hexadecimal.encode(SHA256.digest(of: Array("msnp-gateway state key\n".utf8) + key).prefix(8))
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: ASCII.isDigit(byte)
        }
    }
}

/// A password, or another secret, that only its key opens.
package struct SealedPassword: Sendable {
    package let key: SealingKeyID
    /// Nonce, what was encrypted, and tag.
    package let bytes: [UInt8]

    package init(key: SealingKeyID, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }
}

/// What a sealed password is for: put anywhere else, it doesn't open.
package struct SealingContext: Sendable {
    private let parts: [String]

    /// Of a session's password.
    package init(_ session: StoredSession) {
        parts = [
            Self.password, session.id.text, session.owner.map { "key " + $0 } ?? "anonymous", session.backend,
            session.account,
        ]
    }

    /// Of what a webhook's bodies are signed with.
    package init(_ webhook: StoredWebhook) { parts = [Self.webhook, webhook.id, "key " + webhook.owner] }

    /// What is sealed, with the version of its form.
    private static let password = "msnp-gateway password 1", webhook = "msnp-gateway webhook 1"

    /// Each part with its length before it, so that no two contexts are the same bytes.
    fileprivate func bytes(_ key: SealingKeyID) -> [UInt8] {
        ([parts[0], key.text] + parts.dropFirst()).flatMap { part in Array("\(part.utf8.count):\(part)".utf8) }
    }
}
