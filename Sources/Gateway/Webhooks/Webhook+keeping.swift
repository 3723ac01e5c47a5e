import Digests
import Locking
import Storage
import Webhooks

/// What the store has of a webhook.
extension Webhook.State {
    /// All of it, as one change.
    mutating func changes(_ sealing: SealingKeys?, at now: Int64) -> [RecordChange] {
        (isUnsaved, owesRecord) = (false, false)
        _ = forgetFormerSecrets(at: now)
        seal(sealing)
        return [.put(stored), .put(delivery)]
    }

    /// What changes with each body.
    mutating func deliveryChange() -> [RecordChange] {
        (isUnsaved, owesRecord) = (false, false)
        return [.put(delivery)]
    }

    /// Seals the secrets, once for each: with each new nonce less of the key's life would be left.
    private mutating func seal(_ sealing: SealingKeys?) {
        // What can't be opened now may be another time, as long as nobody has made a new one.
        guard stored.sealed == nil, let secrets, let sealing else { return }
        stored.sealed = sealing.seal(secrets.sealable, for: SealingContext(stored))
    }
}

extension WebhookSecrets {
    /// All secrets as bytes, each with its length before it.
    var sealable: Secret {
        var bytes: [UInt8] = []
        defer { Secret.overwrite(&bytes) }
        // At once: growing would leave copies behind.
        bytes.reserveCapacity(256)
        for secret in [current] + previous {
            secret.withBytes { span in
                bytes.append(UInt8(clamping: span.count))
                for index in span.indices { bytes.append(span[index]) }
            }
        }
        return Secret(copying: bytes.span)
    }

    /// The secrets that were sealed; nil where the bytes are none.
    init?(sealable secret: Secret, previousUntil: Int64?) {
        var secrets: [WebhookSecret] = []
        let isWhole = secret.withBytes { span in
            var next = 0
            while next < span.count {
                let end = next + 1 + Int(span[next])
                guard end <= span.count else { return false }
                let key = Secret(copying: span.extracting((next + 1)..<end))
                guard let found = WebhookSecret(key) else { return false }
                secrets.append(found)
                next = end
            }
            return true
        }
        guard isWhole, let current = secrets.first, secrets.count <= 1 + Self.mostPrevious else { return nil }
        self.init(current, previous: Array(secrets.dropFirst()), until: previousUntil)
    }
}

extension StoredWebhook {
    /// What removes all of it.
    static func removal(of id: String) -> [RecordChange] {
        [
            .remove(RecordKey(StoredWebhook.table, [.text(id)])),
            .remove(RecordKey(StoredDelivery.table, [.text(id)])),
        ]
    }
}
