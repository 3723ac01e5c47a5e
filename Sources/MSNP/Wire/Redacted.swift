/// A value that prints as `<redacted>`: hashes, tickets, challenge answers and cookies travel in it.
package struct Redacted<Value: Equatable & Sendable>: Equatable, Sendable {
    /// The secret itself, for the wire and for nothing that is written down.
    package let value: Value

    package init(_ value: Value) {
        self.value = value
    }
}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
