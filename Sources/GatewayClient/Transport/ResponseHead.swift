/// The head of an answer, line by line as libcurl hands it on; of interim answers nothing is kept.
struct ResponseHead {
    /// Of the last status line; 0 before one.
    private(set) var status = 0
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether a final head has ended.
    private(set) var isWhole = false

    /// Takes a line, its end included; those behind a final head are trailers, and are passed over.
    mutating func take(_ line: [UInt8]) {
        guard !isWhole else { return }
        let line = line.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.starts(with: "HTTP/".utf8) {
            self = ResponseHead()
            let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { (0x30...0x39).contains($0) }
            if digits.count == 3 { status = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        } else if line.isEmpty {
            isWhole = status >= 200
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let value = line[line.index(after: colon)...].drop(while: isSpace)
            fields.append(
                (
                    String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                    String(decoding: value.reversed().drop(while: isSpace).reversed(), as: UTF8.self)
                ))
        }
    }
}
