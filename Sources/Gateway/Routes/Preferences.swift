import HTTPFront

/// `Prefer` (RFC 7240), as far as the API knows it.
struct Preferences: Sendable, Equatable {
    /// Seconds, lowered to the limit.
    private(set) var wait: Int?
    private(set) var respondsAsync = false

    init(_ head: RequestHead) {
        for value in head.headers.values(of: "Prefer") {
            for preference in value.split(separator: ",") {
                // Parameters of a preference mean nothing here.
                let parts = preference.prefix { $0 != ";" }
                    .split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
                switch parts.first?.lowercased() {
                case "respond-async": respondsAsync = true
                case "wait":
                    // A preference that makes no sense is no preference (RFC 7240, 2).
                    guard wait == nil, parts.count == 2, let seconds = Int(parts[1]), seconds >= 0 else { continue }
                    wait = min(seconds, GatewayLimits.longestWait)
                default: continue
                }
            }
        }
    }
}
