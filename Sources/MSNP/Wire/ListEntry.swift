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
