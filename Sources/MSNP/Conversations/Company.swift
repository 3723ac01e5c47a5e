/// Who has been somewhere, as far as it matters to whoever wants to be alone with one person.
///
/// A server can send people in and out again for as long as a switchboard lives, so that they are not all remembered.
enum Company: Equatable, Sendable {
    case nobody
    case one(HandleKey)
    case several

    /// Somebody comes, perhaps again.
    mutating func join(_ folded: HandleKey) {
        switch self {
        case .nobody: self = .one(folded)
        case .one(let other) where other != folded: self = .several
        case .one, .several: break
        }
    }

    /// Whether nobody else has been there.
    func isAtMost(_ folded: HandleKey) -> Bool {
        switch self {
        case .nobody: true
        case .one(let other): other == folded
        case .several: false
        }
    }
}
