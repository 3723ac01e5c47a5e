/// Names a request to a flow; whoever runs the flow makes them up.
package struct RequestID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
