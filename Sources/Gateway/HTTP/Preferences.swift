import ByteText
import HTTPFront

/// `Prefer` (RFC 7240), as far as the API knows it.
struct Preferences: Sendable, Equatable {
    /// Seconds, lowered to the limit.
    private(set) var wait: Int?
    private(set) var respondsAsync = false

    init(_ head: RequestHead) {
        guard let value = ListField.value(of: "Prefer", in: head) else { return }
        for preference in FieldText.parts(value, at: ",") {
            // Parameters of a preference mean nothing here.
            let (name, value) = FieldText.pair(Substring(preference.utf8.prefix { $0 != UInt8(ascii: ";") }))
            if ASCII.equalsFolded(name, "respond-async") { respondsAsync = true }
            // A preference that makes no sense is no preference (RFC 7240, 2).
            guard ASCII.equalsFolded(name, "wait"), wait == nil, let value,
                let seconds = Int(FieldText.unquoted(value)), seconds >= 0
            else { continue }
            wait = min(seconds, GatewayLimits.longestWait)
        }
    }
}
