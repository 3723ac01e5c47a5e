import ByteText

/// A notice from the server to everybody (docs/protocol.md#system-messages).
///
///     S: MSG Hotmail Hotmail 90
package struct SystemMessage: Equatable, Sendable {
    /// The kind that announces maintenance, the only one that is documented.
    package static let maintenance: UInt32 = 1

    /// The value of `Type`; unknown kinds are logged and not shown.
    package let kind: UInt32
    /// How many minutes are left before maintenance; nil for other kinds and when it is missing or negative.
    package let minutes: UInt32?

    /// Reads a payload; nil unless its content type is the system message's and it says a kind.
    package init?(_ payload: MIMEPayload) {
        guard payload.contentType == "application/x-msmsgssystemmessage" else { return nil }
        let fields = payload.bodyFields
        guard let kind = fields.number("Type").flatMap(UInt32.init(exactly:)) else { return nil }
        self.kind = kind
        minutes = kind == Self.maintenance ? fields.number("Arg1").flatMap(UInt32.init(exactly:)) : nil
    }
}
