import ByteText

/// The head of an answer, line by line as libcurl hands it on: what is wanted of it are the status and `Retry-After`.
///
///     HTTP/1.1 503 Service Unavailable
///     Retry-After: 120
struct AnswerHead: Equatable {
    /// Bytes of a `Retry-After` that are kept: the longest date has 33.
    private static let longestWish = 64

    /// Of the last status line; 0 before one.
    private(set) var status = 0
    /// Whether a final head, no interim one, has ended.
    private(set) var isWhole = false
    /// The value of `Retry-After`, without the white space around it; empty without one.
    private(set) var wish: [UInt8] = []

    /// Takes a line, its end included; those behind a final head are trailers, and are passed over.
    mutating func take(_ line: [UInt8]) {
        guard !isWhole else { return }
        let line = line.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.starts(with: "HTTP/".utf8) {
            self = AnswerHead()
            let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { ASCII.isDigit($0) }
            if digits.count == 3 { status = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        } else if line.isEmpty {
            // Interim answers have a head of their own.
            isWhole = status >= 200
        } else if line.prefix(12).elementsEqual("retry-after:".utf8, by: { ASCII.lowercased($0) == $1 }) {
            let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let value = line.dropFirst(12).prefix(Self.longestWish).drop(while: isSpace)
            wish = Array(value.reversed().drop(while: isSpace).reversed())
        }
    }
}
