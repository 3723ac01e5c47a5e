/// The environment variables that make settings: `MSNP_GATEWAY_` and the key in capitals, with `_` between its words.
///
/// Others that begin so are not refused as unknown keys of the file are: cluster managers make some of their own, as
/// `MSNP_GATEWAY_PORT_8080_TCP` for a service of this name. An empty variable counts as one that isn't there, which is
/// how compose files and units hand on what was not set.
package struct SettingsEnvironment: Sendable {
    /// What every variable of the gateway begins with.
    package static let prefix = "MSNP_GATEWAY_"
    /// Names the settings file, where no flag does.
    package static let fileVariable = prefix + "CONFIG"

    /// The gateway's own, none of them empty.
    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables.filter { $0.key.hasPrefix(Self.prefix) && !$0.value.isEmpty }
    }

    /// The path in `MSNP_GATEWAY_CONFIG`.
    var file: String? { variables[Self.fileVariable] }

    /// What a setting's variable says; nil where there is none.
    ///
    /// Items of a list stand between commas, with white space around them that is no part of them.
    func content(of setting: Setting) -> SettingContent? {
        guard let text = variables[Self.name(of: setting)] else { return nil }
        switch setting.shape {
        case .text: return .text(text)
        case .list:
            return .list(text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed))
        }
    }

    private static func trimmed(_ item: Substring) -> String {
        guard let first = item.firstIndex(where: { !$0.isWhitespace }),
            let last = item.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(item[first...last])
    }

    /// The variable that makes a setting.
    package static func name(of setting: Setting) -> String {
        prefix + setting.components.map(capitals).joined(separator: "_")
    }

    /// `signInTimeout` as `SIGN_IN_TIMEOUT` and `my-server` as `MY_SERVER`: keys consist of ASCII letters, digits and hyphens.
    private static func capitals(_ component: String) -> String {
        var name = ""
        for character in component {
            if character.isUppercase { name += "_" }
            name += character == "-" ? "_" : character.uppercased()
        }
        return name
    }
}
