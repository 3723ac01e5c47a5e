/// A person who was called into a conversation and did not come.
package struct Absence: Equatable, Sendable {
    /// As we called them.
    package let handle: String
    package let failure: MessageFailure

    package init(handle: String, failure: MessageFailure) {
        self.handle = handle
        self.failure = failure
    }
}
