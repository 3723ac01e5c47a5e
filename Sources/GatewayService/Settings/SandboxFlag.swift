/// `--sandbox`, alone or with a port.
package enum SandboxFlag: Equatable, Sendable {
    /// The port is whatever environment or file say, or the usual one.
    case alone
    case port(String)
}
