/// A list that its owner may edit; servers close the connection on edits of the reverse list (protocol.md 4.1).
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

    /// The list that excludes this one (protocol.md 4.1).
    package var opposite: OwnList? {
        switch self {
        case .forward: nil
        case .allow: .block
        case .block: .allow
        }
    }
}
