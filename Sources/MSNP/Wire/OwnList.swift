/// A list that its owner may edit; servers close the connection on edits of the reverse list (docs/protocol.md#four-lists).
package enum OwnList: CaseIterable, Sendable {
    case forward
    case allow
    case block

    /// The list's name on the wire.
    package var name: ListName {
        switch self {
        case .forward: .forward
        case .allow: .allow
        case .block: .block
        }
    }

    /// The list that excludes this one (docs/protocol.md#four-lists).
    package var opposite: OwnList? {
        switch self {
        case .forward: nil
        case .allow: .block
        case .block: .allow
        }
    }
}
