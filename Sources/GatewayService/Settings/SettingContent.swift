/// What somebody set a setting to, by its shape.
enum SettingContent: Equatable, Sendable {
    case text(String)
    case list([String])

    /// The one text, or all of the list.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let texts): texts
        }
    }
}
