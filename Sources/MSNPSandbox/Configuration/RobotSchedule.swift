/// When the robot `echo@example.com` is there: online from the start, and away for the end of each period.
package struct RobotSchedule: Equatable, Sendable {
    /// From one coming to the next.
    package let period: Duration
    /// How long it is away at the end of each period.
    package let absence: Duration

    /// A minute with ten seconds of absence lets people watch presence change without doing anything.
    ///
    /// The absence must be shorter than the period, and both longer than nothing.
    package init(period: Duration = .seconds(60), absence: Duration = .seconds(10)) {
        precondition(absence > .zero && absence < period, "the robot's absence has to fit into its period")
        self.period = period
        self.absence = absence
    }
}
