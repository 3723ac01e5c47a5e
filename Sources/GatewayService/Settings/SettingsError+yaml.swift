import YAML

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
