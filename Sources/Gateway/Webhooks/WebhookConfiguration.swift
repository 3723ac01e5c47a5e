package import MSNPClient
package import Webhooks

/// Where webhooks may go, and how they get there.
package struct WebhookConfiguration: Sendable {
    package var policy = DestinationPolicy()
    /// A proxy that requests go through; nil for none.
    package var proxy: String?
    /// Makes what carries requests, when the first webhook is made.
    package var makeTransport: @Sendable (WebhookConfiguration, _ clock: GatewayClock) -> any WebhookTransport = {
        WebhookConfiguration.curl($0, $1)
    }
    /// Whose deadlines end waits; nil for a loop of the gateway's.
    package var loop: (any SessionLoop)?
    /// A share of the longest wait, from 0 up to 1.
    package var chance: @Sendable () -> Double = { Double.random(in: 0..<1) }

    package init() {}

    private static func curl(_ configuration: WebhookConfiguration, _ clock: GatewayClock) -> any WebhookTransport {
        var options = CurlOptions()
        options.proxy = configuration.proxy
        return CurlTransport(options, policy: configuration.policy, time: { clock.milliseconds() / 1_000 })
    }
}
