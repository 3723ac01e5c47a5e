package import MSNP

/// An edit of somebody's lists that their own client did not ask for.
package struct ListEdit: Equatable, Sendable {
    /// What becomes of somebody on the list.
    package enum Action: Equatable, Sendable {
        /// Under that name.
        case add(name: String)
        case remove
    }

    package let action: Action
    package let handle: String
    /// Not the reverse list, which mirrors the forward lists of others.
    package let list: ListName

    package init(_ action: Action, _ handle: String, on list: ListName) {
        self.action = action
        self.handle = handle
        self.list = list
    }
}
