/// An account's place in the sandbox, which never changes.
package struct AccountID: Hashable, Sendable {
    let index: Int
}
