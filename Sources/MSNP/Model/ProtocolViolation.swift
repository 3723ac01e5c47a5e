/// How a server broke the protocol, so that the session can't go on.
package enum ProtocolViolation: Equatable, Sendable {
    /// The byte stream can't be cut into commands any more.
    case framing(FramingError)
    /// Nothing that was received made sense.
    case notMSNP
    /// A command of the sign-in was answered with what makes no sense; the line is blanked (`BlankedFrame.excerpt`).
    case nonsense(command: String, line: String)
    /// More than `WireLimits.referrals` referrals, or one to a server already tried.
    case referralLoop
    /// More than `WireLimits.listEntries` list lines.
    case tooManyListEntries
    /// More than `FloodMeter` admits.
    case flood
}
