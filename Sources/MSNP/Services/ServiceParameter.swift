/// What a service of `URL` takes (protocol.md 11.2).
package enum ServiceParameter: String, CaseIterable, Sendable {
    case none
    /// A language, `0x0409`, with its prefix.
    case lcid
    /// The receiver; may be left out.
    case address
}
