/// Text in which `A` to `Z` and `a` to `z` are the same, and nothing else is: a field name, a host, a media type.
///
/// Protocols fold ASCII alone (RFC 9110, 5.1; RFC 4343). Unicode's lower case would make the KELVIN SIGN a `k`.
package struct FoldedText: BytewiseText, ExpressibleByStringLiteral {
    /// In lower case.
    package let text: String

    @inlinable
    package init(_ text: some StringProtocol) { self.text = ASCII.lowercased(text) }

    @inlinable
    package init(stringLiteral value: String) { self.init(value) }
}
