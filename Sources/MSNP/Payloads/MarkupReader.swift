import ByteText
import Encodings

/// Reads the XML of alerts and pages, piece by piece, and no other features of XML (docs/protocol.md#alerts).
///
/// Real documents are not always well-formed: an `&` that starts no reference stands for itself. There are no entities
/// but XML's own five, no document types, nothing external; depth and attributes are bounded, and the size by the wire
/// (`WireLimits.payload`). Each byte is looked at a bounded number of times.
struct MarkupReader {
    /// Elements inside each other; the documents have five.
    static let deepest = 16
    /// Attributes of one element; the documents have four.
    static let mostAttributes = 32
    /// Bytes in the name of an element or attribute; the documents have twelve.
    static let longestName = 64
    /// Bytes between `&` and `;`: the longest reference is `&#x10FFFF;`, leading zeros aside.
    static let longestReference = 16

    private let bytes: [UInt8]
    private var index = 0
    private var open: [FoldedText] = []
    /// The end of an empty element, which is told after its start.
    private var pendingEnd = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The next piece; nil at the end.
    ///
    /// Text outside the root element is skipped.
    mutating func next() throws(MarkupError) -> MarkupToken? {
        if pendingEnd {
            pendingEnd = false
            return .end(name: open.removeLast())
        }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                let text = takeText()
                if open.isEmpty { continue }
                return .text(text)
            }
            if isNext("<!--") {
                try skip(past: "-->")
            } else if isNext("<![CDATA[") {
                let start = index + 9
                try skip(past: "]]>")
                guard !open.isEmpty else { throw .malformed }
                return .text(String(decoding: bytes[start..<(index - 3)], as: UTF8.self))
            } else if isNext("<!") {
                throw .documentType
            } else if isNext("<?") {
                try skip(past: "?>")
            } else if isNext("</") {
                return try takeEnd()
            } else {
                return try takeStart()
            }
        }
        guard open.isEmpty else { throw .malformed }
        return nil
    }

    private func isNext(_ text: StaticString) -> Bool {
        let wanted = text.description.utf8
        return bytes[index...].starts(with: wanted)
    }

    private mutating func skip(past end: StaticString) throws(MarkupError) {
        let wanted = Array(end.description.utf8)
        // `<!-->` is no comment, and `<?>` no instruction: the end comes after the whole of the beginning.
        index += isNext("<![CDATA[") ? 9 : isNext("<!--") ? 4 : 2
        while index + wanted.count <= bytes.count {
            if bytes[index...].starts(with: wanted) {
                index += wanted.count
                return
            }
            index += 1
        }
        throw .malformed
    }

    private mutating func takeStart() throws(MarkupError) -> MarkupToken {
        index += 1
        let name = try takeName()
        var attributes: [FoldedText: String] = [:]
        while true {
            skipBlanks()
            guard index < bytes.count else { throw .malformed }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                break
            }
            if isNext("/>") {
                index += 2
                pendingEnd = true
                break
            }
            let attribute = try takeName()
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw .malformed }
            index += 1
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'"),
                let end = bytes[(index + 1)...].firstIndex(of: bytes[index])
            else { throw .malformed }
            guard attributes.count < Self.mostAttributes else { throw .tooManyAttributes }
            let value = resolved(bytes[(index + 1)..<end])
            if attributes[attribute] == nil { attributes[attribute] = value }
            index = end + 1
        }
        guard open.count < Self.deepest else { throw .tooDeep }
        open.append(name)
        return .start(name: name, attributes: attributes)
    }

    private mutating func takeEnd() throws(MarkupError) -> MarkupToken {
        index += 2
        let name = try takeName()
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: ">"), open.last == name else { throw .malformed }
        index += 1
        open.removeLast()
        return .end(name: name)
    }

    private mutating func takeName() throws(MarkupError) -> FoldedText {
        let start = index
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        guard index > start, index - start <= Self.longestName else { throw .malformed }
        return FoldedText(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func takeText() -> String {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        defer { index = end }
        return resolved(bytes[index..<end])
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }

    private func resolved(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var output: [UInt8] = []
        output.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            if raw[index] == UInt8(ascii: "&"),
                let end = raw[index...].prefix(Self.longestReference).firstIndex(of: UInt8(ascii: ";")),
                let scalar = Self.scalar(raw[(index + 1)..<end])
            {
                output.append(contentsOf: String(scalar).utf8)
                index = end + 1
            } else {
                output.append(raw[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The character of a reference; nil when it is no reference, U+FFFD for a number that is no character.
    private static func scalar(_ reference: ArraySlice<UInt8>) -> Unicode.Scalar? {
        switch ByteText(String(decoding: reference, as: UTF8.self)) {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard reference.first == UInt8(ascii: "#") else { return nil }
        let isHexadecimal = reference.dropFirst().first.map(ASCII.lowercased) == UInt8(ascii: "x")
        let digits = reference.dropFirst(isHexadecimal ? 2 : 1)
        guard !digits.isEmpty,
            digits.allSatisfy({ Hexadecimal.value(of: $0).map { $0 < 10 || isHexadecimal } ?? false })
        else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10)
            .flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    }
}

/// A piece that a `MarkupReader` reads, names in lower case.
enum MarkupToken: Equatable {
    case start(name: FoldedText, attributes: [FoldedText: String])
    /// Comes for an empty element too, after its start.
    case end(name: FoldedText)
    /// References resolved; white space as it is.
    case text(String)
}

/// Why a document can't be read.
enum MarkupError: Error, Equatable {
    /// Tags that do not match, or are cut off.
    case malformed
    /// A document type, which could define entities.
    case documentType
    case tooDeep
    case tooManyAttributes
}
