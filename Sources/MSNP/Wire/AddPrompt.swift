/// Whether to ask before somebody who added us may see us (protocol.md 4.3).
///
///     S: GTC 8 9 A
package enum AddPrompt: String, CaseIterable, Sendable {
    case ask = "A"
    case allowSilently = "N"
}
