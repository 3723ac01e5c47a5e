package import MSNPClient
package import Webhooks

/// Where webhooks may go, and how they get there.
package struct WebhookConfiguration: Sendable {
    package var policy = DestinationPolicy()
    /// A proxy that requests go through; nil for none.
    package var proxy: String?
    /// Sockets in all: half of them for attempts, the other half for connections that are kept.
    package var sockets = mostSockets
    /// Makes what carries requests, when the first webhook is made.
    package var makeTransport: @Sendable (WebhookConfiguration, _ clock: GatewayClock) -> any WebhookTransport = {
        WebhookConfiguration.curl($0, $1)
    }
    /// Whose deadlines end waits; nil for a loop of the gateway's.
    package var loop: (any SessionLoop)?
    /// A share of the longest wait, from 0 up to 1.
    package var chance: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// Each attempt holds a body in memory, too.
    package static let mostSockets = 512
    /// An attempt at whoever answers, one at whoever does not, and what is kept of both.
    package static let fewestSockets = 4

    package init() {}

    /// Attempts under way at endpoints that answered promptly the last time.
    var promptAttempts: Int { max(1, sockets / 2 - slowAttempts) }
    /// The same at endpoints that failed or took long: however many there are, they take no place of the others.
    var slowAttempts: Int { max(1, sockets / 8) }

    private static func curl(_ configuration: WebhookConfiguration, _ clock: GatewayClock) -> any WebhookTransport {
        var options = CurlOptions()
        options.proxy = configuration.proxy
        options.mostAttempts = configuration.promptAttempts + configuration.slowAttempts
        options.mostIdle = max(1, configuration.sockets / 2)
        return CurlTransport(options, policy: configuration.policy, time: { clock.milliseconds() / 1_000 })
    }
}
