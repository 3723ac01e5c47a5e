import ByteText
package import MSNP

/// A way in which a backend differs, as the operator says it.
package enum BackendQuirk: Hashable, Sendable {
    /// `no-XXX`: it is never sent that command.
    case lacks(OptionalCommand)
    /// `no-list-versions`: its list versions mean nothing, so each sign-in asks for all lists.
    case forgetsListVersions
    /// `silent-displacement`: of two clients of one account it closes the older one without `OUT OTH`.
    case displacesSilently

    /// `one-switchboard`: it keeps one switchboard for each account; a client that opens a second hears nothing of the
    /// first.
    case keepsOneSwitchboard
    /// `pipelines`: it reads all commands of one segment, so that none has to wait for the answer to another.
    case pipelines

    private static let prefix = "no-"
    /// The words that stand for one quirk each.
    private static let whole: [(word: String, quirk: BackendQuirk)] = [
        (prefix + "list-versions", .forgetsListVersions), ("silent-displacement", .displacesSilently),
        ("pipelines", .pipelines), ("one-switchboard", .keepsOneSwitchboard),
    ]

    /// Parses a word, in whatever case; nil for one that names no quirk.
    package init?(parsing text: String) {
        let word = ASCII.lowercased(text)
        if let (_, quirk) = Self.whole.first(where: { $0.word == word }) {
            self = quirk
        } else if word.hasPrefix(Self.prefix),
            let command = OptionalCommand(rawValue: word.dropFirst(Self.prefix.count).uppercased())
        {
            self = .lacks(command)
        } else {
            return nil
        }
    }

    /// All words, for messages about one that is unknown.
    package static var words: String {
        whole.map(\.word).joined(separator: ", ") + ", or \(prefix) and one of "
            + OptionalCommand.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
