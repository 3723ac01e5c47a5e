/// What a service of `URL` takes (docs/protocol.md#service-names).
package enum ServiceParameter: String, CaseIterable, Sendable {
    case none
    /// A language, `0x0409`, with its prefix.
    case lcid
    /// The receiver; may be left out.
    case address
}
