/// A secret value, which prints as `<redacted>`: a hash, ticket, challenge answer or cookie.
package struct Redacted<Value: Equatable & Sendable>: Equatable, Sendable {
    /// The secret itself; only for the wire, and never written down.
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
