import ByteText

/// An account's name on the service, checked so that it can stand on a command line (docs/protocol.md#encoding, #limits).
package struct Handle: Hashable, Sendable {
    /// The original spelling: some servers insist on their own capitals.
    package let spelling: String

    /// Accepts `local@domain` of printable ASCII, at most `WireLimits.handle` bytes; throws what is wrong otherwise.
    ///
    /// Handles travel unencoded, so a text that could end a token or a line is refused here, and never escaped.
    package init(validating text: String) throws(HandleError) {
        guard text.utf8.count <= WireLimits.handle else { throw .tooLong }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .invalidCharacter }
        let halves = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty }) else { throw .notAnAddress }
        spelling = text
    }

    /// The form in which two spellings of one account are equal.
    package var folded: HandleKey { Handle.fold(spelling) }

    /// Folds a handle that came from a server, which is not checked.
    package static func fold(_ handle: String) -> HandleKey { HandleKey(handle) }

    /// Whether a server's spelling means this account.
    package func matches(spelling text: String) -> Bool { folded == Handle.fold(text) }

    package static func == (left: Handle, right: Handle) -> Bool { left.folded == right.folded }

    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

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

/// Why a text is no handle.
package enum HandleError: Error, Equatable, Sendable {
    /// More than `WireLimits.handle` bytes.
    case tooLong
    /// White space, a control character or something beyond ASCII.
    case invalidCharacter
    /// Not `local@domain`.
    case notAnAddress
}
