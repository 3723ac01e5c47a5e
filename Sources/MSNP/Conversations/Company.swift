/// The people who have been on a switchboard, as far as a private message with one of them has to know.
///
/// A server can send people in and out for as long as a switchboard lives, so they are not all remembered.
enum Company: Equatable, Sendable {
    case nobody
    case one(HandleKey)
    case several

    /// Adds a person, who may have been there before.
    mutating func join(_ folded: HandleKey) {
        switch self {
        case .nobody: self = .one(folded)
        case .one(let other) where other != folded: self = .several
        case .one, .several: break
        }
    }

    /// Whether nobody but that person has been there.
    func isAtMost(_ folded: HandleKey) -> Bool {
        switch self {
        case .nobody: true
        case .one(let other): other == folded
        case .several: false
        }
    }
}
