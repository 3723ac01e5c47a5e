import Glibc
import YAML

/// Why the gateway can't run as it was told to, in one line.
package struct SettingsError: Error, Equatable, Sendable {
    /// The key of the setting; nil when the trouble is with all of it.
    package var key: String?
    /// Where it was set; nil where it was not set at all.
    package var source: SettingSource?
    /// Follows the key after a colon.
    package var problem: String

    package init(key: String? = nil, source: SettingSource? = nil, problem: String) {
        self.key = key
        self.source = source
        self.problem = problem
    }

    init(_ setting: Setting, _ source: SettingSource?, _ problem: String) {
        self.init(key: setting.key, source: source, problem: problem)
    }

    /// `EX_USAGE` for what was typed, `EX_CONFIG` for what is kept (sysexits.h).
    package var exitCode: Int32 {
        if case .flag = source { EX_USAGE } else { EX_CONFIG }
    }

    /// Characters of a value in a message: enough to know it again.
    private static let longestQuote = 100

    /// A value as messages quote it, which can't break the line.
    static func quote(_ value: some StringProtocol) -> String {
        let start = value.prefix(longestQuote)
        return LogText.quoted(String(start)) + (start.endIndex < value.endIndex ? "…" : "")
    }
}

extension SettingsError: CustomStringConvertible {
    /// `gateway.yaml:3: listen: "x" is not …`; a flag's or variable's name says the key itself.
    package var description: String {
        let names: [String?] =
            switch source {
            case .flag, .environment: [source?.description]
            case .file, nil: [source?.description, key]
            }
        return LogText.escaped((names.compactMap(\.self) + [problem]).joined(separator: ": "))
    }
}

extension SettingsError {
    /// What the parser says, in one line.
    init(yaml error: YAMLError, path: String) {
        switch error {
        case .malformed(let problem, let line): self.init(source: .file(path, line: line), problem: problem)
        case .doubledKeys(let keys, let line):
            let quoted = keys.map { Self.quote($0) }.joined(separator: ", ")
            self.init(source: .file(path, line: line), problem: "\(quoted) twice in one mapping")
        }
    }
}
