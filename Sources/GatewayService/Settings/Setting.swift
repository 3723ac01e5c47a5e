/// One thing that the operator can set: its key, from which its other names follow.
///
/// `limits.journal.events` in the file, nested or dotted, is `MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS` in the environment.
package struct Setting: Hashable, Sendable {
    /// What kind of value it takes.
    package enum Shape: Sendable {
        case text
        /// A sequence in the file, separated by commas in the environment.
        case list
    }

    /// The key in its parts: `limits`, `journal`, `events`.
    package let components: [String]
    package let shape: Shape

    init(_ key: String, _ shape: Shape = .text) {
        components = key.split(separator: ".").map(String.init)
        self.shape = shape
    }

    init(_ setting: BackendSetting, of backend: String) {
        components = ["backend", backend, setting.rawValue]
        shape = setting.shape
    }

    /// The components with dots between them, as the documentation and error messages have it.
    package var key: String { components.joined(separator: ".") }
}
