extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<secret>`, whatever it holds.
    package var description: String { "<secret>" }

    /// `<secret>`, whatever it holds.
    package var debugDescription: String { description }

    /// A mirror without children, so that `dump` and loggers that reflect find nothing either.
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}
