/// The lists that a contact is on.
package struct ListMembership: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// `FL`: the contacts.
    package static let forward = ListMembership(rawValue: 1)
    /// `AL`: who may see us.
    package static let allow = ListMembership(rawValue: 2)
    /// `BL`: who may not.
    package static let block = ListMembership(rawValue: 4)
    /// `RL`: who has us as a contact.
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
