/// What a client offers and answers at sign-in.
package struct SignInOffer: Sendable {
    /// As the person typed it; the server's spelling replaces it once it is known.
    package var handle: String
    /// In order of preference.
    package var dialects: [Dialect]
    /// The lower-case hexadecimal MD5 of the challenge followed by the password (docs/protocol.md#password).
    package var answer: @Sendable (_ challenge: String) -> String

    package init(
        handle: String, dialects: [Dialect] = SignInOffer.usualDialects,
        answer: @escaping @Sendable (_ challenge: String) -> String
    ) {
        self.handle = handle
        self.dialects = dialects
        self.answer = answer
    }

    /// What client 3.6.0038 sends (docs/protocol.md#negotiation).
    package static let usualDialects: [Dialect] = [.msnp6, .msnp5, .msnp4]
}
