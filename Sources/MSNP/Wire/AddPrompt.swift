/// Whether to ask before somebody who added us may see us (docs/protocol.md#requests).
///
///     S: GTC 8 9 A
package enum AddPrompt: String, CaseIterable, Sendable {
    case ask = "A"
    case allowSilently = "N"
}
