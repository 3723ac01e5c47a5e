/// Text that is equal only to the same bytes: a member name, a query parameter, a token's spelling.
package struct ByteText: BytewiseText, ExpressibleByStringLiteral {
    package let text: String

    @inlinable
    package init(_ text: String) { self.text = text }

    @inlinable
    package init(_ text: Substring) { self.text = String(text) }

    @inlinable
    package init(stringLiteral value: String) { text = value }
}
