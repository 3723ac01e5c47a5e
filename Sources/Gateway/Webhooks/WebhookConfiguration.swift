package import MSNPClient
package import Webhooks

/// Where webhooks may go, and how they get there.
package struct WebhookConfiguration: Sendable {
    package var policy = DestinationPolicy()
    /// A proxy that requests go through, which the policy knows of; nil for none.
    package var proxy: String? { didSet { policy.isThroughProxy = proxy != nil } }
    /// Certificates in PEM of authorities that are trusted besides the system's; empty for none.
    package var authorities: [UInt8] = []
    /// Sockets in all: half of them for attempts, the others for connections that are kept.
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
    /// An attempt at whoever answers, one at whoever does not, a test, and a connection that is kept.
    package static let fewestSockets = 4

    package init() {}

    /// Attempts under way at endpoints that answered promptly the last time.
    var promptAttempts: Int { max(1, sockets / 2 - slowAttempts - tests) }
    /// The same at endpoints that failed or took long: however many there are, they take no place of the others.
    var slowAttempts: Int { max(1, sockets / 8) }
    /// Tests under way, which wait for the webhook's own attempt with their place.
    var tests: Int { max(1, sockets / 32) }
    private var attempts: Int { promptAttempts + slowAttempts + tests }

    private static func curl(_ configuration: WebhookConfiguration, _ clock: GatewayClock) -> any WebhookTransport {
        var options = CurlOptions()
        options.proxy = configuration.proxy
        options.authorities = configuration.authorities
        options.mostAttempts = configuration.attempts
        options.mostIdle = max(1, configuration.sockets - configuration.attempts)
        return CurlTransport(options, policy: configuration.policy, time: { clock.milliseconds() / 1_000 })
    }
}
