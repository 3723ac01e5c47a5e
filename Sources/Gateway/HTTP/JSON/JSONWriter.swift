import Encodings

/// Writes JSON (RFC 8259) behind what it has written already: the only way in which the program writes any.
///
/// Members stand in the order in which they are written; the API's are in alphabetical order, so that the same value is the
/// same bytes. What is written costs its size, and nothing for each member. All text is Unicode by its type, and numbers are
/// whole, so that there is no value that JSON can't say.
package struct JSONWriter: Sendable {
    /// What was written so far: JSON in UTF-8.
    package private(set) var bytes: [UInt8] = []
    /// Spaces before the lines of the innermost object or list; nil for JSON without any space.
    private var indentation: Int?
    /// Escapes more than JSON wants, for readers to whom more characters have a meaning.
    private let escapesToo: (@Sendable (Unicode.Scalar) -> Bool)?
    /// The innermost object or list has nothing in it yet.
    private var isAtStart = true

    /// - Parameters:
    ///   - capacity: bytes that there is room for at once; more is made as it is needed.
    ///   - isIndented: whether each member and item has a line of its own, for people.
    ///   - escapesToo: what is escaped besides quotation marks, backslashes and control characters. All ASCII but U+007F
    ///     stays as JSON wants it.
    package init(
        capacity: Int = 512, isIndented: Bool = false, escapesToo: (@Sendable (Unicode.Scalar) -> Bool)? = nil
    ) {
        bytes.reserveCapacity(capacity)
        indentation = isIndented ? 0 : nil
        self.escapesToo = escapesToo
    }

    /// The bytes of a value.
    package static func bytes(of value: some JSONWritable) -> [UInt8] {
        var json = JSONWriter()
        value.write(to: &json)
        return json.bytes
    }

    /// A value as text, for people.
    static func text(of value: some JSONWritable) -> String { String(decoding: bytes(of: value), as: UTF8.self) }

    /// Forgets what was written, and keeps the room for it.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        isAtStart = true
    }

    /// Two objects that are JSON already, neither of them empty, as one: the members of the first, then those of the second.
    static func joined(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(first.count + second.count - 1)
        bytes.append(contentsOf: first)
        bytes.removeLast()
        bytes.append(contentsOf: second)
        // In place of the brackets between them.
        bytes[first.count - 1] = UInt8(ascii: ",")
        return bytes
    }

    /// The bytes without the room behind them, for what is kept long: a copy, unless that room is small.
    func kept(wasting waste: Int = 0) -> [UInt8] {
        guard bytes.capacity - bytes.count > waste else { return bytes }
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        copy.append(contentsOf: bytes)
        return copy
    }

    // MARK: - Objects and lists

    /// Writes an object; `members` writes what is in it.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    /// Writes an array; `items` writes what is in it.
    package mutating func list(_ items: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "["), UInt8(ascii: "]"), items)
    }

    /// A member of an object; none where there is no value.
    package mutating func member(_ name: String, _ value: (some JSONWritable)?) {
        guard let value else { return }
        begin(name)
        value.write(to: &self)
    }

    /// A member whose value is written by a closure.
    package mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        begin(name)
        value(&self)
    }

    /// An item of a list.
    package mutating func item(_ value: some JSONWritable) {
        separate()
        value.write(to: &self)
    }

    /// An item of a list that is JSON already.
    package mutating func item(encoded json: [UInt8]) {
        separate()
        bytes += json
    }

    // MARK: - Values

    /// Writes a string with its quotation marks and what has to be escaped.
    package mutating func string(_ text: some StringProtocol) {
        bytes.append(UInt8(ascii: "\""))
        let last: UInt8 = escapesToo == nil ? 0xFF : 0x7E
        // Most texts are written as they are, and lie in one piece: asked for one byte after the other by their iterator, those of
        // an event took 0.7 µs.
        let isWritten = text.utf8.withContiguousStorageIfAvailable { text in
            // The bytes are read within the call.
            let isPlain = unsafe text.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 <= last }
            if isPlain { unsafe bytes.append(contentsOf: text) }
            return isPlain
        }
        if isWritten != true { for scalar in text.unicodeScalars { append(scalar) } }
        bytes.append(UInt8(ascii: "\""))
    }

    /// What has no quotation marks: numbers, `true`, `false` and `null`.
    package mutating func literal(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Writes a string of which nothing has to be escaped, without making one first.
    mutating func plain(_ append: (inout [UInt8]) -> Void) {
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: - Parts

    private mutating func enclose(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
        bytes.append(open)
        if let indentation {
            bytes.append(UInt8(ascii: "\n"))
            self.indentation = indentation + 2
        }
        isAtStart = true
        content(&self)
        isAtStart = false
        if let indentation {
            self.indentation = indentation - 2
            bytes.append(UInt8(ascii: "\n"))
            indent()
        }
        bytes.append(close)
    }

    private mutating func begin(_ name: String) {
        separate()
        string(name)
        if indentation == nil { bytes.append(UInt8(ascii: ":")) } else { bytes.append(contentsOf: " : ".utf8) }
    }

    private mutating func separate() {
        if !isAtStart {
            bytes.append(UInt8(ascii: ","))
            if indentation != nil { bytes.append(UInt8(ascii: "\n")) }
        }
        isAtStart = false
        indent()
    }

    private mutating func indent() {
        guard let indentation else { return }
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": literal(#"\""#)
        case "\\": literal(#"\\"#)
        case "\u{8}": literal(#"\b"#)
        case "\u{C}": literal(#"\f"#)
        case "\n": literal(#"\n"#)
        case "\r": literal(#"\r"#)
        case "\t": literal(#"\t"#)
        case "\u{0}"..<"\u{20}": appendCode(scalar)
        default: if escapesToo?(scalar) == true { appendCode(scalar) } else { bytes.append(contentsOf: scalar.utf8) }
        }
    }

    /// `\u001b`; two of them for what lies beyond U+FFFF.
    private mutating func appendCode(_ scalar: Unicode.Scalar) {
        for unit in scalar.utf16 { literal(#"\u"# + Hexadecimal.padded(UInt32(unit), to: 4)) }
    }
}
