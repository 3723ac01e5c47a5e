/// Whose pages may change things here.
///
/// Browsers send `Origin` with every request that could; programs that are no browsers send none and are not affected.
struct OriginPolicy: Sendable {
    private let listed: Set<String>

    init(listed: Set<String>) {
        self.listed = Set(listed.map { $0.lowercased() })
    }

    /// Whether a request with this `Origin` may have an effect, being addressed to this `Host`.
    func permits(origin: String?, host: String?) -> Bool {
        guard let origin = origin?.lowercased() else { return true }
        if listed.contains(origin) { return true }
        // `null` is a sandboxed or local page: anybody's.
        guard let host = host?.lowercased() else { return false }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }
}
