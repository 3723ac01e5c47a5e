/// What a `SwitchboardFlow` asks of its caller, in the order given.
package enum SwitchboardAction: Equatable, Sendable {
    case send(SwitchboardClientCommand)
    /// Start the timer, or start it anew.
    case start(SwitchboardTimer, Duration)
    case cancel(SwitchboardTimer)
    case report(SwitchboardReport)
    /// Close the connection; nothing follows.
    case close
}
