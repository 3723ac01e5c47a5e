/// What is known of a backend's commands.
package struct CommandTraits: Equatable, Sendable {
    /// The commands that the backend has answered.
    package var answered: Set<String> = []
    /// The commands that the backend is not sent: the operator said so, or it closed on them.
    package var forbidden: Set<String> = []

    package init(forbidden: Set<String> = []) {
        self.forbidden = forbidden
    }
}
