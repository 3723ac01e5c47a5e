import ByteText

/// The ID of a session, as its callers have it.
package struct SessionID: BytewiseText {
    package let text: String

    package init(_ text: String) { self.text = text }
}
