package import ByteText

/// The four lists of an account (docs/protocol.md#four-lists).
package enum ListName: String, CaseIterable, Sendable {
    /// The contacts, whose presence the account sees.
    case forward = "FL"
    /// The people who may see the account's presence.
    case allow = "AL"
    /// The people who may not.
    case block = "BL"
    /// The people who have the account on their forward list; only servers edit it.
    case reverse = "RL"
}

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

/// A person on a list: the handle as the server spells it, and the stored friendly name.
package struct ListMember: Equatable, Sendable {
    @Bytewise package var handle: String
    @Bytewise package var name: String

    package init(handle: String, name: String) {
        self.handle = handle
        self.name = name
    }
}

extension ListMember {
    /// On the wire.
    ///
    /// Parsing decodes handles, so a percent sign in one has to be encoded; all other handles stay as they are.
    var parameters: [String] { [PercentEncoding.encode(handle), PercentEncoding.encode(name)] }
}

/// One line of a list (docs/protocol.md#synchronization).
///
///     S: LST 8 FL 9 1 2 bob@example.com Bob%20B.
///     S: LST 8 BL 9 0 0
package struct ListEntry: Equatable, Sendable {
    package var list: ListName
    /// The version of the lists.
    package var version: UInt32
    /// 1 … `count`; 0 for an empty list.
    package var index: UInt32
    /// How many people are on the list.
    package var count: UInt32
    /// Nil for an empty list.
    package var member: ListMember?

    package init(list: ListName, version: UInt32, index: UInt32, count: UInt32, member: ListMember?) {
        self.list = list
        self.version = version
        self.index = index
        self.count = count
        self.member = member
    }

    /// Whether this line ends its list.
    package var isLast: Bool { index >= count }
}
