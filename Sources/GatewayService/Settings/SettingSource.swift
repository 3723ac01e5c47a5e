/// Where a value was set, for saying so when it is wrong.
package enum SettingSource: Equatable, Sendable {
    case flag(String)
    case environment(String)
    /// Lines count from 1; nil for the whole of it.
    case file(String, line: Int?)
}

extension SettingSource: CustomStringConvertible {
    /// As it stands before an error: `--listen`, `MSNP_GATEWAY_LISTEN`, `gateway.yaml:3`.
    package var description: String {
        switch self {
        case .flag(let name), .environment(let name): name
        case .file(let path, let line): path + (line.map { ":\($0)" } ?? "")
        }
    }
}
