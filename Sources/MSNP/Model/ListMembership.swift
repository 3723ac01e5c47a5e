/// The lists that a contact is on.
package struct ListMembership: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let forward = ListMembership(rawValue: 1)
    package static let allow = ListMembership(rawValue: 2)
    package static let block = ListMembership(rawValue: 4)
    package static let reverse = ListMembership(rawValue: 8)

    package init(_ list: ListName) {
        self =
            switch list {
            case .forward: .forward
            case .allow: .allow
            case .block: .block
            case .reverse: .reverse
            }
    }

    /// The lists by name, in the order of the documents.
    package var names: [ListName] { ListName.allCases.filter { contains(ListMembership($0)) } }

    /// On the reverse list and in neither the allow nor the block list: waits for an answer (docs/protocol.md#requests).
    package var isPending: Bool { contains(.reverse) && isDisjoint(with: [.allow, .block]) }
}
