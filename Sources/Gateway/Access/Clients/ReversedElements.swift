/// The elements of a comma list from the last to the first (RFC 9110, 5.6.1), without those that are empty.
///
/// Read from the right, quotes and all: what a client wrote, however broken, changes nothing of what proxies have added
/// behind it. A value's length is the HTTP side's to bound; each byte is looked at once.
struct ReversedElements: IteratorProtocol {
    private let bytes: [UInt8]
    /// Everything from here on has been handed out.
    private var end: Int

    init(_ line: String) {
        bytes = Array(line.utf8)
        end = bytes.count
    }

    mutating func next() -> ArraySlice<UInt8>? {
        while end > 0 {
            let start = startOfElement()
            let element = Self.trimmed(bytes[start..<end])
            // The comma in front of it goes too.
            end = max(0, start - 1)
            if !element.isEmpty { return element }
        }
        return nil
    }

    private func startOfElement() -> Int {
        var index = end
        var isQuoted = false
        while index > 0 {
            let byte = bytes[index - 1]
            if byte == UInt8(ascii: "\"") {
                // Within a quoted string a quote with a backslash before it is a letter.
                if !isQuoted || !isEscaped(index - 1) { isQuoted.toggle() }
            } else if byte == UInt8(ascii: ","), !isQuoted {
                return index
            }
            index -= 1
        }
        return 0
    }

    private func isEscaped(_ index: Int) -> Bool {
        // One backslash is enough to know: no address that is read from here has any.
        index > 0 && bytes[index - 1] == UInt8(ascii: "\\")
    }

    static func trimmed(_ slice: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let front = slice.drop(while: isSpace)
        guard let last = front.lastIndex(where: { !isSpace($0) }) else {
            return front[front.startIndex..<front.startIndex]
        }
        return front[front.startIndex...last]
    }
}
