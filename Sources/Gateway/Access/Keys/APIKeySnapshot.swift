/// The keys as they were at one moment.
package struct APIKeySnapshot: Sendable {
    package let list: APIKeyList
    /// Of that moment: a change during the reading gives another.
    package let stamp: APIKeyStamp

    package init(_ list: APIKeyList, _ stamp: APIKeyStamp) {
        self.list = list
        self.stamp = stamp
    }
}
