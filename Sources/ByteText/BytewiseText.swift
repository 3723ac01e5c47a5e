/// Text from outside that is compared, hashed and sorted by its UTF-8 bytes.
///
/// Swift's `String` does all three by canonical equivalence. For combining marks its work grows with the square of the
/// length, so that whoever sends text chooses what it costs; and `é` in one scalar and in two are the same to it, but two
/// names to every peer. Whatever a peer or a caller sent is therefore held to its limit first and then compared as one of
/// these types; `String` is for what is shown.
///
/// Inlined into other modules, whose tables of people and parameters are made of such types.
///
/// A type that conforms stores its text and gets the rest from here. The bytes are those of a native Swift string, which
/// are contiguous.
public protocol BytewiseText: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text as it is shown.
    var text: String { get }
}

extension BytewiseText {
    /// Whether both are the same bytes.
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        let (left, right) = (left.text.utf8, right.text.utf8)
        guard left.count == right.count else { return false }
        TextWork.note(left.count)
        return ByteOrder.compare(left, right) == 0
    }

    /// Whether the bytes of `left` come first.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        TextWork.note(min(left.text.utf8.count, right.text.utf8.count))
        return ByteOrder.compare(left.text.utf8, right.text.utf8) < 0
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
        let bytes = text.utf8
        TextWork.note(bytes.count)
        // So that two texts side by side are not one.
        hasher.combine(bytes.count)
        // Native strings have contiguous storage, which is what comes from decoding bytes.
        let isHashed: Void? = unsafe bytes.withContiguousStorageIfAvailable {
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isHashed == nil { for byte in bytes { hasher.combine(byte) } }
    }

    public var description: String { text }
}

/// Text that is equal only to the same bytes: a member name, a query parameter, a token's spelling.
public struct ByteText: BytewiseText, ExpressibleByStringLiteral {
    public let text: String

    @inlinable
    public init(_ text: String) { self.text = text }

    @inlinable
    public init(_ text: Substring) { self.text = String(text) }

    @inlinable
    public init(stringLiteral value: String) { text = value }
}

/// Text in which `A` to `Z` and `a` to `z` are the same, and nothing else is: a field name, a host, a media type.
///
/// Protocols fold ASCII alone (RFC 9110, 5.1; RFC 4343). Unicode's lower case would make the KELVIN SIGN a `k`.
public struct FoldedText: BytewiseText, ExpressibleByStringLiteral {
    /// In lower case.
    public let text: String

    @inlinable
    public init(_ text: some StringProtocol) { self.text = ASCII.lowercased(text) }

    @inlinable
    public init(stringLiteral value: String) { self.init(value) }
}

/// A stored text of which the synthesized `==` of its type looks at the bytes.
///
/// A contact, a profile or a set of phone numbers is compared with what was known before, to tell what is news. `String`
/// would do that by canonical equivalence: at a cost that grows with the square of the length, and so that a name which is
/// spelt with other scalars would be no news.
@propertyWrapper
public struct Bytewise<Value: BytewiseComparable & Sendable>: Equatable, Sendable {
    public var wrappedValue: Value

    @inlinable
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        Value.hasSameBytes(left.wrappedValue, right.wrappedValue)
    }
}

/// What `Bytewise` can hold: a text, or perhaps one.
public protocol BytewiseComparable {
    static func hasSameBytes(_ left: Self, _ right: Self) -> Bool
}

extension String: BytewiseComparable {
    public static func hasSameBytes(_ left: String, _ right: String) -> Bool { ASCII.equals(left, right) }
}

extension Optional: BytewiseComparable where Wrapped: BytewiseComparable {
    public static func hasSameBytes(_ left: Wrapped?, _ right: Wrapped?) -> Bool {
        switch (left, right) {
        case (let left?, let right?): Wrapped.hasSameBytes(left, right)
        case (nil, nil): true
        case (nil, _), (_, nil): false
        }
    }
}
