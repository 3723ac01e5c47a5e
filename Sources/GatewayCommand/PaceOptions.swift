import ArgumentParser
import Gateway

/// How fast the sessions of a key may send.
struct PaceOptions: ParsableArguments {
    private static func help(_ what: String, _ usual: Int, _ bounds: ClosedRange<Int>) -> ArgumentHelp {
        ArgumentHelp(
            "\(what), \(bounds.lowerBound) to \(bounds.upperBound). (default: \(usual))", valueName: "n")
    }

    @Option(
        help: PaceOptions.help(
            "Messages a second that each of its sessions may send", SendingPace().messagesPerSecond,
            SendingPace.perSecondBounds))
    var messagesPerSecond: Int?

    @Option(
        help: PaceOptions.help(
            "Messages that each of its sessions may send at once", SendingPace().messageBurst, SendingPace.burstBounds))
    var messageBurst: Int?

    /// What was said; nil where nothing was.
    var pace: SendingPace? {
        guard messagesPerSecond != nil || messageBurst != nil else { return nil }
        return SendingPace(perSecond: messagesPerSecond, burst: messageBurst)
    }

    /// Throws `ValidationError` for a number that is out of its bounds.
    func validate() throws {
        try Self.check("--messages-per-second", messagesPerSecond, SendingPace.perSecondBounds)
        try Self.check("--message-burst", messageBurst, SendingPace.burstBounds)
    }

    private static func check(_ flag: String, _ value: Int?, _ bounds: ClosedRange<Int>) throws {
        guard let value, !bounds.contains(value) else { return }
        throw ValidationError("\(flag) has to be \(bounds.lowerBound) to \(bounds.upperBound), and is \(value).")
    }
}
