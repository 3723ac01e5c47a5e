import HTTPFront

/// The header fields of a request that are lists of any length.
enum ListField {
    /// Bytes of all lines of such a field: half of the longest head, where browsers send some 150.
    static let longest = 4096

    private static let names = ["Accept", "If-Match", "If-None-Match", "Prefer"]

    /// The name of one that is longer; nil where none is.
    ///
    /// Until that is said, which comes after the checks of who calls, a list that is too long is read as if it were not
    /// there.
    static func tooLong(in head: RequestHead) -> String? {
        names.first { head.headers.values(of: $0).reduce(0) { $0 + $1.utf8.count } > longest }
    }

    /// What is said of one that is too long.
    static func problem(_ name: String) -> Problem {
        Problem(.invalidRequest, "The header field \(name) has more than \(longest) bytes.")
    }

    /// The whole value, nil where there is none and where it is too long.
    static func value(of name: String, in head: RequestHead?) -> String? {
        guard let value = head?.headers[name], value.utf8.count <= longest else { return nil }
        return value
    }
}
