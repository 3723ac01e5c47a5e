import ByteText

/// The key under which two spellings of a handle are one account: its bytes, `A` to `Z` folded.
///
/// All tables of people use it. Servers fold ASCII alone: `é` in one scalar and in two are two accounts to them, and
/// the KELVIN SIGN is no `k`. Handles from a server were held to `WireLimits.handle` when their line was read.
package struct HandleKey: BytewiseText, ExpressibleByStringLiteral {
    /// In lower case.
    package let text: String

    package init(_ spelling: String) { text = ASCII.lowercased(spelling) }

    package init(stringLiteral value: String) { self.init(value) }
}
