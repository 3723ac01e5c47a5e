import ByteText

/// The fields of a header section, in the order in which they came.
///
/// Names compare without case (RFC 9110, 5.1). They are kept as one run of bytes and become strings when somebody asks,
/// because most fields of most requests are never looked at. Bytes that aren't UTF-8 are read as U+FFFD. Whoever sends
/// them chooses both: all that is compared here is compared by its bytes.
package struct HeaderFields: Sendable {
    /// Where one field lies in `bytes`: the sizes of both, the name, a zero, the value, a zero.
    ///
    /// The zeros let the C library read names and values where they are. The sizes lie there too, so that a section is one
    /// piece of memory: an array beside it was an allocation for each request and each answer.
    struct Field: Sendable {
        /// Bytes before the name: two numbers of 32 bits.
        static let sizes = 8

        let start: Int
        let nameCount: Int
        let valueCount: Int

        /// Where its name begins.
        var nameStart: Int { start + Self.sizes }
        /// Where its value begins.
        var valueStart: Int { nameStart + nameCount + 1 }
        /// Where the next field begins.
        var end: Int { valueStart + valueCount + 1 }

        var name: Range<Int> { nameStart..<nameStart + nameCount }
        var value: Range<Int> { valueStart..<valueStart + valueCount }
    }

    /// All fields of a section, found one after the other.
    struct Fields: Sequence, IteratorProtocol {
        fileprivate let bytes: [UInt8]
        fileprivate var place = 0

        mutating func next() -> Field? {
            guard place < bytes.count else { return nil }
            let field = HeaderFields.field(at: place, in: bytes)
            place = field.end
            return field
        }
    }

    private(set) var bytes: [UInt8] = []
    /// The number of fields, repeated ones each counted.
    package private(set) var count = 0
    /// Whether all of them were checked as they were added, and can be sent as they are.
    ///
    /// What came with a request was not: it is checked as a part of its framing.
    private(set) var isSendable = true
    /// Whether one of them may be about framing, which the server alone sets in an answer.
    private(set) var mayFrame = false

    package init() {}

    /// One after the other.
    var fields: Fields { Fields(bytes: bytes) }

    private static func field(at place: Int, in bytes: [UInt8]) -> Field {
        // `append` alone writes there, two whole numbers before each name, and a place is 0 or the end of a field before.
        let (nameCount, valueCount) = unsafe bytes.withUnsafeBytes { bytes in
            unsafe (
                bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self),
                bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
            )
        }
        return Field(start: place, nameCount: Int(nameCount), valueCount: Int(valueCount))
    }

    /// Whether there is no field.
    package var isEmpty: Bool { bytes.isEmpty }

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
        fields.lazy.filter { matches($0, name) }.map { value(of: $0) }
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
        add(name) { $0.append(contentsOf: value.utf8) }
    }

    /// The same for a value that is put together: `write` appends it to what it is given, and changes nothing there.
    package mutating func add(_ name: String, writing write: (inout [UInt8]) -> Void) {
        let field = append(name: name.utf8, writing: write)
        isSendable =
            isSendable && FieldSyntax.isToken(bytes[field.name]) && FieldSyntax.isValue(bytes[field.value])
        mayFrame = mayFrame || Self.framing.contains { matches(field, $0) }
    }

    /// Adds fields behind the others, as they are: those that many answers share are checked and put together once.
    package mutating func add(_ others: HeaderFields) {
        bytes.append(contentsOf: others.bytes)
        count += others.count
        isSendable = isSendable && others.isSendable
        mayFrame = mayFrame || others.mayFrame
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
        var left: [UInt8] = []
        left.reserveCapacity(bytes.capacity)
        var count = 0
        for field in fields where !matches(field, name) {
            left.append(contentsOf: bytes[field.start..<field.end])
            count += 1
        }
        (bytes, self.count) = (left, count)
    }

    /// Adds a field of a request, which nobody has checked yet.
    mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        isSendable = false
        append(name: name) { $0.append(contentsOf: value) }
    }

    @discardableResult
    private mutating func append(name: some Collection<UInt8>, writing write: (inout [UInt8]) -> Void) -> Field {
        let start = bytes.count
        for _ in 0..<Field.sizes { bytes.append(0) }
        bytes.append(contentsOf: name)
        bytes.append(0)
        let valueStart = bytes.count
        write(&bytes)
        let field = Field(
            start: start, nameCount: valueStart - start - Field.sizes - 1, valueCount: bytes.count - valueStart)
        bytes.append(0)
        count += 1
        // Within the eight bytes that were added above.
        unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: UInt32(field.nameCount), toByteOffset: start, as: UInt32.self)
            unsafe bytes.storeBytes(of: UInt32(field.valueCount), toByteOffset: start + 4, as: UInt32.self)
        }
        return field
    }

    /// Makes room at once for a section of the usual size.
    package mutating func reserve(bytes byteCount: Int) { bytes.reserveCapacity(byteCount) }

    // MARK: - One section and the next

    /// The place behind the field at `place` if that has exactly these bytes; nil where it has others, or there is none.
    func end(ofFieldAt place: Int, ifEqual name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Int? {
        guard place < bytes.count else { return nil }
        let field = Self.field(at: place, in: bytes)
        guard field.nameCount == name.count, field.valueCount == value.count else { return nil }
        TextWork.note(field.nameCount + field.valueCount)
        let isEqual = unsafe bytes.withUnsafeBytes { bytes in
            let (ownName, ownValue) = unsafe (bytes[field.name], bytes[field.value])
            return unsafe ByteOrder.compare(ownName, name) == 0 && ByteOrder.compare(ownValue, value) == 0
        }
        return isEqual ? field.end : nil
    }

    /// The fields before a place, with room for others behind them.
    func prefix(upTo place: Int, roomFor byteCount: Int) -> HeaderFields {
        var beginning = HeaderFields()
        beginning.reserve(bytes: Swift.max(place, byteCount))
        beginning.bytes.append(contentsOf: bytes[..<place])
        beginning.isSendable = isSendable
        beginning.mayFrame = mayFrame
        beginning.count = beginning.fields.reduce(into: 0) { count, _ in count += 1 }
        return beginning
    }

    /// What has to change of these fields of an answer to make them others: the value of one, or nothing (`.some(nil)`); nil where it
    /// is more, or where they can't be sent as they are.
    func onlyChange(to others: HeaderFields) -> (Field, Field)?? {
        guard count == others.count, isSendable, others.isSendable, !mayFrame, !others.mayFrame else { return nil }
        var changed: (Field, Field)?
        for (old, new) in zip(fields, others.fields) {
            TextWork.note(old.nameCount + old.valueCount)
            guard ByteOrder.compare(bytes[old.name], others.bytes[new.name]) == 0 else { return nil }
            if ByteOrder.compare(bytes[old.value], others.bytes[new.value]) == 0 { continue }
            guard changed == nil else { return nil }
            changed = (old, new)
        }
        return .some(changed)
    }

    /// Those that say where a message ends.
    private static let framing = ["Content-Length", "Transfer-Encoding", "Connection"]

    /// Whether a field of an answer is one that the server alone sets.
    func isFraming(_ field: Field) -> Bool { mayFrame && Self.framing.contains { matches(field, $0) } }

    func matches(_ field: Field, _ name: String) -> Bool {
        let utf8 = name.utf8
        guard utf8.count == field.nameCount else { return false }
        TextWork.note(utf8.count)
        var index = field.nameStart
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
        fileprivate var fields: Fields

        package mutating func next() -> (name: String, value: String)? {
            fields.next().map { (whole.name(of: $0), whole.value(of: $0)) }
        }
    }

    package func makeIterator() -> Iterator { Iterator(whole: self, fields: fields) }

    package var underestimatedCount: Int { count }
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
