/// Text that is equal only to the same bytes: a member name, a query parameter, a token's spelling.
package struct ByteText: BytewiseText, ExpressibleByStringLiteral {
    package let text: String

    package init(_ text: String) { self.text = text }

    package init(_ text: Substring) { self.text = String(text) }

    package init(stringLiteral value: String) { text = value }
}
