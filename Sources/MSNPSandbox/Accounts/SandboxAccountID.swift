/// An account's place in the sandbox, which never changes.
package struct SandboxAccountID: Hashable, Sendable {
    let index: Int
}
