import Encodings

/// The encoded words of mail headers (RFC 2047), and how mail notifications misspell them (docs/protocol.md#mail).
///
///     =?utf-8?B?Wm/Dqw==?=    =?"us-ascii"?Q?Just saying hello.?=
package enum EncodedWords {
    /// Bytes in one encoded word: RFC 2047 allows 75, and the misspelt ones hold whole subjects.
    package static let longestWord = 1_000

    /// The text with its encoded words decoded, fit to show; everything else stays as it is.
    ///
    /// White space between two encoded words is not part of the text, and a character may be spread over words that have
    /// the same character set.
    package static func decode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output = ""
        /// Decoded bytes that wait for the next word to complete them, and their character set.
        var pending: (charset: Charset, bytes: [UInt8])?
        var literalStart = 0
        var index = 0

        func flush() {
            if let waiting = pending { output += waiting.charset.decode(waiting.bytes) }
            pending = nil
        }

        while index < bytes.count {
            guard let word = word(in: bytes, at: index) else {
                index += 1
                continue
            }
            let between = bytes[literalStart..<index]
            if pending == nil || !between.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                flush()
                output += String(decoding: between, as: UTF8.self)
            }
            if pending?.charset == word.charset {
                pending?.bytes.append(contentsOf: word.bytes)
            } else {
                flush()
                pending = (word.charset, word.bytes)
            }
            index = word.end
            literalStart = index
        }
        flush()
        output += String(decoding: bytes[literalStart...], as: UTF8.self)
        return DisplayText.sanitized(output)
    }

    private static func word(in bytes: [UInt8], at start: Int) -> (charset: Charset, bytes: [UInt8], end: Int)? {
        guard bytes[start] == UInt8(ascii: "="), start + 1 < bytes.count, bytes[start + 1] == question else {
            return nil
        }
        let limit = min(bytes.count, start + longestWord)
        let charsetStart = start + 2
        guard let charsetEnd = bytes[charsetStart..<max(limit, charsetStart)].firstIndex(of: question),
            charsetEnd > charsetStart, charsetEnd + 2 < limit, bytes[charsetEnd + 2] == question
        else { return nil }
        // A language may follow the name: `us-ascii*en` (RFC 2231).
        let name = bytes[charsetStart..<charsetEnd].prefix { $0 != UInt8(ascii: "*") }
        guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let textStart = charsetEnd + 3
        var end = textStart
        while end + 1 < limit, bytes[end] != question || bytes[end + 1] != UInt8(ascii: "=") { end += 1 }
        guard end + 1 < limit else { return nil }
        let text = bytes[textStart..<end]
        let decoded: [UInt8]? =
            switch bytes[charsetEnd + 1] {
            case UInt8(ascii: "B"), UInt8(ascii: "b"): Base64.decodeLeniently(text)
            case UInt8(ascii: "Q"), UInt8(ascii: "q"): quoted(text)
            default: nil
            }
        guard let decoded else { return nil }
        return (Charset(named: String(decoding: name, as: UTF8.self)), decoded, end + 2)
    }

    private static let question = UInt8(ascii: "?")

    /// `_` is a space and `=E9` a byte; an equals sign without two digits stays.
    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "="), index + 2 < text.endIndex,
                let byte = Hexadecimal.byte(text[index + 1], text[index + 2])
            {
                output.append(byte)
                index += 3
            } else {
                output.append(text[index] == UInt8(ascii: "_") ? 0x20 : text[index])
                index += 1
            }
        }
        return output
    }
}
