import Digests
import Encodings

/// Takes JSON apart exactly as RFC 8259 has it.
///
/// Not Foundation's decoder, which takes commas before a bracket, a byte order mark and UTF-16, and of members with the
/// same name keeps the first: what stands before the gateway, and looks at a body too, might see another one.
struct JSONParser {
    /// Arrays and objects within each other; no request has more than three.
    static let deepest = 32
    /// Members and items in a body: twenty times as many as the longest list of a request has.
    ///
    /// Each costs some hundred bytes once it is taken apart, and a body could have hundreds of thousands.
    static let mostValues = 1024
    /// Characters of a number; those that a number can mean anything by are some 800, and the API's have six.
    static let longestNumber = 128

    private let bytes: [UInt8]
    private var position = 0
    /// The members and indices that lead to where it reads.
    private var path = [JSONPointer.body]
    /// How many members and items it may still have.
    private var room: Int
    /// The member of the outermost object whose string is nowhere but in `secret`.
    private let secretName: MemberName?
    private var secret: Secret?

    /// The value that the bytes are; throws `JSONSyntaxError`.
    ///
    /// - Parameter mostValues: how many members and items it may have.
    static func parse(_ bytes: [UInt8], mostValues: Int = Self.mostValues) throws(JSONSyntaxError) -> JSONValue {
        try parse(bytes, mostValues: mostValues, secret: nil).value
    }

    /// The same, and the string of one member of the object that it is, which then has an empty one in its place: no other
    /// copy of it is left in memory than those of the bytes themselves.
    static func parse(
        _ bytes: [UInt8], mostValues: Int = Self.mostValues, secret: MemberName?
    ) throws(JSONSyntaxError) -> (value: JSONValue, secret: Secret?) {
        // Without the copy that a `String` would be.
        guard (try? UTF8Span(validating: bytes.span)) != nil else { throw .malformed }
        var parser = JSONParser(bytes: bytes, room: mostValues, secretName: secret)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw .malformed }
        return (value, parser.secret)
    }

    private init(bytes: [UInt8], room: Int, secretName: MemberName?) {
        (self.bytes, self.room, self.secretName) = (bytes, room, secretName)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Whether that byte came next; then it is read.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let wanted = Array(word.description.utf8)
        guard bytes[position...].starts(with: wanted) else { throw .malformed }
        position += wanted.count
        return value
    }

    // MARK: - What holds values

    /// Goes to a member or an item, which is left by `leave`.
    private mutating func enter(_ place: JSONPointer) throws(JSONSyntaxError) {
        guard path.count <= Self.deepest else { throw .tooDeep }
        guard room > 0 else { throw .tooMany }
        room -= 1
        path.append(place)
    }

    private mutating func leave() { path.removeLast() }

    /// Where it reads.
    private var place: JSONPointer { path[path.count - 1] }

    private mutating func object() throws(JSONSyntaxError) -> [MemberName: JSONValue] {
        var members: [MemberName: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw .malformed }
            guard let name = MemberName(decoding: try text(upTo: MemberName.longest)) else {
                throw .nameTooLong(place.text)
            }
            try enter(place.member(name))
            skipSpace()
            guard take(":") else { throw .malformed }
            skipSpace()
            let isSecret = name == secretName && path.count == 2 && next == UInt8(ascii: "\"")
            let value = isSecret ? try takeSecret() : try value()
            guard members.updateValue(value, forKey: name) == nil else { throw .duplicate(place.text) }
            leave()
            skipSpace()
        } while take(",")
        guard take("}") else { throw .malformed }
        return members
    }

    private mutating func array() throws(JSONSyntaxError) -> [JSONValue] {
        var items: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return items }
        repeat {
            try enter(place.item(items.count))
            skipSpace()
            items.append(try value())
            leave()
            skipSpace()
        } while take(",")
        guard take("]") else { throw .malformed }
        return items
    }

    // MARK: - Strings

    private mutating func string() throws(JSONSyntaxError) -> String {
        String(decoding: try text(upTo: .max), as: UTF8.self)
    }

    /// Takes a string out; what stands in its place is empty.
    private mutating func takeSecret() throws(JSONSyntaxError) -> JSONValue {
        var text: [UInt8] = []
        // Room for all that is left: bytes that grow leave copies behind.
        text.reserveCapacity(bytes.count - position)
        defer { Secret.overwrite(&text) }
        try read(into: &text, upTo: .max)
        secret = Secret(copying: text.span)
        return .string("")
    }

    /// The bytes of a string; of one that has more than `limit`, a few more than that.
    private mutating func text(upTo limit: Int) throws(JSONSyntaxError) -> [UInt8] {
        var text: [UInt8] = []
        try read(into: &text, upTo: limit)
        return text
    }

    private mutating func read(into text: inout [UInt8], upTo limit: Int) throws(JSONSyntaxError) {
        position += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &text)
            case 0x00..<0x20: throw .malformed
            default:
                text.append(byte)
                position += 1
            }
            if text.count > limit { return }
        }
        throw .malformed
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = next else { throw .malformed }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let bytes = UTF8.encode(try scalar()) else { throw .malformed }
            text.append(contentsOf: bytes)
        default: throw .malformed
        }
    }

    /// What `\u` stands for; half of a pair stands for nothing that UTF-8 could say.
    private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take("\\"), take("u") else { throw .malformed }
        let second = try unit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00)
        else { throw .malformed }
        return scalar
    }

    private mutating func unit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Hexadecimal.value(of: byte) else { throw .malformed }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    // MARK: - Numbers

    private mutating func number() throws(JSONSyntaxError) -> Double {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard position - start <= Self.longestNumber else { throw .numberTooLong }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // RFC 8259, 6 leaves the range to whoever reads.
        guard let number = Double(text), number.isFinite else { throw .malformed }
        return number
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw .malformed }
    }
}
