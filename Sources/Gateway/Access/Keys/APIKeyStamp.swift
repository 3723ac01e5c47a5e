/// Numbers that stay the same for as long as what they were taken of does: time, inode and size of a file, say.
package struct APIKeyStamp: Equatable, Sendable {
    private let numbers: [Int64]

    /// None where there is nothing.
    package init(_ numbers: [Int64] = []) {
        self.numbers = numbers
    }
}
