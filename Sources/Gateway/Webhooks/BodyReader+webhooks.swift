import ByteText
import Storage
import Webhooks

extension BodyReader {
    /// Where a webhook's events go; nil when it is left out or refused.
    mutating func webhookURL(_ name: MemberName, required: Bool, _ policy: DestinationPolicy) -> WebhookURL? {
        guard let text = required ? requiredString(name) : string(name) else { return nil }
        let url: WebhookURL
        do throws(WebhookURLError) {
            url = try WebhookURL(text)
        } catch {
            refuse(name, error.detail)
            return nil
        }
        guard let refusal = policy.refusal(of: url) else { return url }
        refuse(name, refusal.detail)
        return nil
    }

    /// Names of event types and wildcards; nil when they are left out or refused.
    mutating func webhookTypes(_ name: MemberName) -> String? {
        list(name, atMost: GatewayLimits.webhookTypes) { text in
            TypeFilter.knows(text) ? nil : "is no type that an event has, and covers none"
        }
    }

    /// IDs of sessions; nil when they are left out or refused.
    ///
    /// - Parameter isKnown: whether a session is one of the caller's.
    mutating func webhookSessions(_ name: MemberName, _ isKnown: (String) -> Bool) -> String? {
        list(name, atMost: GatewayLimits.webhookSessions) { text in
            isKnown(text) ? nil : "is no session of this key"
        }
    }

    /// An array of words that are different from each other, as a comma list.
    private mutating func list(_ name: MemberName, atMost most: Int, _ fault: (String) -> String?) -> String? {
        guard let items = array(name) else { return nil }
        guard (1...most).contains(items.count) else {
            refuse(name, "has to have 1 to \(most) items")
            return nil
        }
        var (texts, seen, isWell) = ([String](), Set<ByteText>(), true)
        for (index, item) in items.enumerated() {
            var wrong: String? = "has to be a string"
            if case .string(let text) = item {
                wrong = seen.insert(ByteText(text)).inserted ? fault(text) : "is there already"
                texts.append(text)
            }
            guard let wrong else { continue }
            isWell = false
            refuse(name, index, wrong)
        }
        return isWell ? texts.joined(separator: ",") : nil
    }
}

extension DestinationPolicy.Refusal {
    /// What whoever wrote the URL is told.
    fileprivate var detail: String {
        switch self {
        case .notHTTPS:
            "has to begin with https:, unless the operator has listed the address (webhooks.allowedAddresses)"
        case .notHTTPSThroughProxy:
            "has to begin with https:, or to have an address that the operator has listed instead of a name, as a proxy looks names up (webhooks.proxy)"
        case .addressNotAllowed:
            "leads to an address that is not public, which the operator would have to list (webhooks.allowedAddresses)"
        case .portNotAllowed: "has to have port 443, port 80 or one from 1024 on"
        }
    }
}
