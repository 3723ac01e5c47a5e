/// A path taken apart: split first, then percent-decoded once, so that an escaped slash is not a separator.
enum PathSegments {
    /// Nil for a path that can't name anything here: escapes that are none, invalid UTF-8.
    static func split(_ path: String) -> [String]? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var segments: [String] = []
        for raw in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = StrictPercentDecoding.decode(raw) else { return nil }
            segments.append(decoded)
        }
        return segments
    }
}
