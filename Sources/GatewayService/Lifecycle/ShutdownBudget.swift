/// How long the end of the process may take, all told.
///
/// Container engines kill after 10 s, and people at a terminal after less. What takes time is other people's machines:
/// servers that don't answer `OUT` (`FlowTimeouts.goodbye`, 1 s for all sessions together), and clients that don't read
/// their last answer.
package enum ShutdownBudget {
    /// From the signal to the end, whatever hangs; leaves something of 5 s to the kernel.
    package static let total = Duration.milliseconds(4_500)
    /// For answers that are on their way when the sessions are gone.
    package static let answers = Duration.seconds(1)
}
