import ByteText

/// The fields of a header section, in the order in which they came.
///
/// Names compare without case (RFC 9110, 5.1). They are kept as one run of bytes and become strings when somebody asks,
/// because most fields of most requests are never looked at. Bytes that aren't UTF-8 are read as U+FFFD. Whoever sends
/// them chooses both: all that is compared here is compared by its bytes.
package struct HeaderFields: Sendable {
    /// Where one field lies in `bytes`: the name, a zero, the value, a zero.
    ///
    /// The zeros let the C library read names and values where they are.
    struct Field: Sendable {
        let start: Int
        let nameCount: Int
        let valueCount: Int

        var name: Range<Int> { start..<start + nameCount }
        var value: Range<Int> { start + nameCount + 1..<start + nameCount + 1 + valueCount }
    }

    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Field] = []

    package init() {}

    /// The number of fields, repeated ones each counted.
    package var count: Int { fields.count }

    /// Whether there is no field.
    package var isEmpty: Bool { fields.isEmpty }

    /// The value of a field; of one that comes more than once, all its values joined by `", "` (RFC 9110, 5.3).
    package subscript(name: String) -> String? {
        var found: String?
        for field in fields where matches(field, name) {
            let value = self.value(of: field)
            found = found.map { $0 + ", " + value } ?? value
        }
        return found
    }

    /// The value of each field of this name, in order.
    package func values(of name: String) -> [String] {
        fields.filter { matches($0, name) }.map { value(of: $0) }
    }

    /// The value of the first field of a name.
    package func first(of name: String) -> String? {
        fields.first { matches($0, name) }.map { value(of: $0) }
    }

    /// Whether there is a field of that name, whatever its case.
    package func contains(_ name: String) -> Bool {
        fields.contains { matches($0, name) }
    }

    /// How many fields have this name.
    package func count(of name: String) -> Int {
        fields.reduce(into: 0) { if matches($1, name) { $0 += 1 } }
    }

    /// Adds a field behind the others, also when there is one of this name.
    package mutating func add(_ name: String, _ value: String) {
        append(name: name.utf8, value: value.utf8)
    }

    /// The same for a value that is put together: `write` appends it to what it is given, and changes nothing there.
    package mutating func add(_ name: String, writing write: (inout [UInt8]) -> Void) {
        append(name: name.utf8, writing: write)
    }

    /// Makes this the only field of its name; it goes behind the others.
    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Takes all fields of a name away.
    package mutating func remove(_ name: String) {
        // Mostly there is none, and then nothing is copied.
        guard contains(name) else { return }
        // The bytes stay behind: what is replaced is short, and the whole goes with its message.
        fields = fields.filter { !matches($0, name) }
    }

    mutating func append(name: some Sequence<UInt8>, value: some Sequence<UInt8>) {
        append(name: name) { $0.append(contentsOf: value) }
    }

    private mutating func append(name: some Sequence<UInt8>, writing write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        let nameEnd = bytes.count
        bytes.append(0)
        write(&bytes)
        fields.append(Field(start: start, nameCount: nameEnd - start, valueCount: bytes.count - nameEnd - 1))
        bytes.append(0)
    }

    /// Makes room at once for a section of the usual size.
    package mutating func reserve(fields fieldCount: Int, bytes byteCount: Int) {
        fields.reserveCapacity(fieldCount)
        bytes.reserveCapacity(byteCount)
    }

    func matches(_ field: Field, _ name: String) -> Bool {
        let utf8 = name.utf8
        guard utf8.count == field.nameCount else { return false }
        TextWork.note(utf8.count)
        var index = field.start
        for byte in utf8 {
            guard ASCII.lowercased(bytes[index]) == ASCII.lowercased(byte) else { return false }
            index += 1
        }
        return true
    }

    private func value(of field: Field) -> String { String(decoding: valueBytes(of: field), as: UTF8.self) }

    /// White space behind a value isn't part of it (RFC 9110, 5.5); the library leaves it there.
    private func valueBytes(of field: Field) -> ArraySlice<UInt8> {
        let last = bytes[field.value].lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let start = field.value.lowerBound
        return bytes[start..<(last.map { $0 + 1 } ?? start)]
    }

    private func equals(_ field: Field, _ other: Field, of others: HeaderFields) -> Bool {
        let (name, otherName) = (bytes[field.name], others.bytes[other.name])
        let (value, otherValue) = (valueBytes(of: field), others.valueBytes(of: other))
        guard name.count == otherName.count, value.count == otherValue.count else { return false }
        TextWork.note(name.count + value.count)
        return zip(name, otherName).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
            && value.elementsEqual(otherValue)
    }

    private func name(of field: Field) -> String {
        String(decoding: bytes[field.name], as: UTF8.self)
    }
}

extension HeaderFields: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate let whole: HeaderFields
        fileprivate var index = 0

        package mutating func next() -> (name: String, value: String)? {
            guard index < whole.fields.count else { return nil }
            let field = whole.fields[index]
            index += 1
            return (whole.name(of: field), whole.value(of: field))
        }
    }

    package func makeIterator() -> Iterator { Iterator(whole: self) }

    package var underestimatedCount: Int { fields.count }
}

extension HeaderFields: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: (name: String, value: String)...) {
        for element in elements { add(element.name, element.value) }
    }
}

extension HeaderFields: Equatable {
    /// Whether both have equal fields in the same order, names compared without case and values by their bytes.
    package static func == (a: HeaderFields, b: HeaderFields) -> Bool {
        a.count == b.count && zip(a.fields, b.fields).allSatisfy { a.equals($0, $1, of: b) }
    }
}
