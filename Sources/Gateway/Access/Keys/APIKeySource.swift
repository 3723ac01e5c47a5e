/// Where the API keys are kept.
///
/// Any thread may call it; it may take as long as reading a small file does.
package protocol APIKeySource: Sendable {
    /// What tells whether the keys may have changed, without reading them.
    func stamp() -> APIKeyStamp

    /// Reads the keys; nil when nothing is kept there.
    ///
    /// Throws `APIKeySourceError` when there is something that can't be read, or is no list of keys.
    func read() throws(APIKeySourceError) -> APIKeySnapshot?
}

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

/// Numbers that stay the same for as long as what they were taken of does: time, inode and size of a file, say.
package struct APIKeyStamp: Equatable, Sendable {
    private let numbers: [Int64]

    /// None where there is nothing.
    package init(_ numbers: [Int64] = []) {
        self.numbers = numbers
    }
}

/// Why the kept API keys can't be read.
package struct APIKeySourceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// In one line, with the path and without anything secret.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
