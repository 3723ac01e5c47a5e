/// How a backend is known to take commands.
package struct CommandTraits: Equatable, Sendable {
    /// It has answered these.
    package var answered: Set<String> = []
    /// It gets none of these: the operator said so, or it closed on them.
    package var forbidden: Set<String> = []

    package init(forbidden: Set<String> = []) {
        self.forbidden = forbidden
    }
}
