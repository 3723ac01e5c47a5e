/// A stored text of which the synthesized `==` of its type looks at the bytes.
///
/// A contact, a profile or a set of phone numbers is compared with what was known before, to tell what is news. `String`
/// would do that by canonical equivalence: at a cost that grows with the square of the length, and so that a name which is
/// spelt with other scalars would be no news.
@propertyWrapper
package struct Bytewise<Value: BytewiseComparable & Sendable>: Equatable, Sendable {
    package var wrappedValue: Value

    @inlinable
    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    @inlinable
    package static func == (left: Self, right: Self) -> Bool {
        Value.hasSameBytes(left.wrappedValue, right.wrappedValue)
    }
}

/// What `Bytewise` can hold: a text, or perhaps one.
package protocol BytewiseComparable {
    static func hasSameBytes(_ left: Self, _ right: Self) -> Bool
}

extension String: BytewiseComparable {
    package static func hasSameBytes(_ left: String, _ right: String) -> Bool { ASCII.equals(left, right) }
}

extension Optional: BytewiseComparable where Wrapped: BytewiseComparable {
    package static func hasSameBytes(_ left: Wrapped?, _ right: Wrapped?) -> Bool {
        switch (left, right) {
        case (let left?, let right?): Wrapped.hasSameBytes(left, right)
        case (nil, nil): true
        case (nil, _), (_, nil): false
        }
    }
}
