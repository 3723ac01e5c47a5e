import Yams

extension SettingsError {
    /// What the parser says, in one line.
    init(yaml error: YamlError, path: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(source: .file(path, line: mark.line), problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map(Self.quote).joined(separator: ", ")
            self.init(source: .file(path, line: context.mark.line), problem: "\(keys) twice in one mapping")
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
            self.init(source: .file(path, line: nil), problem: problem)
        case .no, .memory, .dataCouldNotBeDecoded:
            self.init(source: .file(path, line: nil), problem: "not YAML")
        }
    }
}
