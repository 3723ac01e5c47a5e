/// A list that its owner edits; servers close on whoever touches the reverse list (protocol.md 4.1).
package enum OwnList: CaseIterable, Sendable {
    case forward
    case allow
    case block

    package var name: ListName {
        switch self {
        case .forward: .forward
        case .allow: .allow
        case .block: .block
        }
    }

    /// The list on which somebody may not be at the same time (protocol.md 4.1).
    package var opposite: OwnList? {
        switch self {
        case .forward: nil
        case .allow: .block
        case .block: .allow
        }
    }
}
