/// How people on neither the allow nor the block list are treated (docs/protocol.md#privacy).
///
///     S: BLP 8 9 AL
package enum PrivacyMode: String, CaseIterable, Sendable {
    case allow = "AL"
    case block = "BL"
}
