import ByteText

/// Whose pages may change things here.
///
/// Browsers send `Origin` with every request that could; programs that are no browsers send none and are not affected.
struct OriginPolicy: Sendable {
    /// Bytes of an origin: a scheme and a host with its port.
    static let longest = "https://".utf8.count + HostPolicy.longest

    private let listed: Set<FoldedText>

    init(listed: Set<String>) {
        self.listed = Set(listed.map { FoldedText($0) })
    }

    /// Whether a request with this `Origin` may have an effect, being addressed to this host.
    func permits(origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        guard origin.utf8.count <= Self.longest else { return false }
        let sent = FoldedText(origin)
        if listed.contains(sent) { return true }
        // `null` is a sandboxed or local page: anybody's.
        guard let host, host.utf8.count <= HostPolicy.longest else { return false }
        return sent == FoldedText("http://\(host)") || sent == FoldedText("https://\(host)")
    }
}
