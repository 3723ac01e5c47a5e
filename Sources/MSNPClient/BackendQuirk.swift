import ByteText
package import MSNP

/// A way in which a backend is known to differ, as the operator says it.
package enum BackendQuirk: Hashable, Sendable {
    /// `no-XXX`: it gets no such command.
    case lacks(OptionalCommand)
    /// `no-list-versions`: what it says of list versions means nothing, so each sign-in asks for all lists.
    case forgetsListVersions

    private static let prefix = "no-"
    private static let listVersions = prefix + "list-versions"

    /// Parses a word, in whatever case; nil for one that names no quirk.
    package init?(parsing text: String) {
        let word = ASCII.lowercased(text)
        if word == Self.listVersions {
            self = .forgetsListVersions
        } else if word.hasPrefix(Self.prefix),
            let command = OptionalCommand(rawValue: word.dropFirst(Self.prefix.count).uppercased())
        {
            self = .lacks(command)
        } else {
            return nil
        }
    }

    /// For messages about a word that is none.
    package static var words: String {
        "\(listVersions), or \(prefix) and one of " + OptionalCommand.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
