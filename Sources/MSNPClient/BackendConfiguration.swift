package import ByteText
package import MSNP

/// The configuration of one backend.
package struct BackendConfiguration: Sendable {
    /// The name in the API.
    package var name: String
    /// The dispatch server, or whichever server a session connects to first.
    package var address: ServerAddress
    /// In order of preference.
    package var dialects: [Dialect] = SignInOffer.usualDialects
    /// How to keep the connection alive.
    package var keepalive: KeepaliveMode = .auto
    package var addressPolicy = AddressPolicy()
    /// Announced host or `host:port` → where it really is: servers behind NAT announce addresses that don't route.
    package var rewrites: [FoldedText: ServerAddress] = [:]
    /// The hosts to which a Passport form, which is made from the password, may be sent.
    package var loginHosts: Set<String> = []
    /// Sign-ins at one time.
    ///
    /// With a round trip of 100 ms a sign-in takes a second, so this many are some 60 a second, which is gentle to a server
    /// that comes back; beside the server, where one takes some milliseconds, they are thousands.
    package var signInsInFlight = 64
    /// Sign-ins that begin in a second, on average; nil for as many as may be under way together.
    ///
    /// After a start all sessions come back at once, and a server beside the gateway, where one takes some milliseconds, would
    /// have thousands in a second whatever is under way together.
    package var signInsPerSecond: Int?
    package var quirks: Set<BackendQuirk> = []
    package var timeouts = FlowTimeouts()
    package var conversationTimeouts = ConversationTimeouts()
    /// For resolving a name and connecting to all of its addresses together (docs/protocol.md#time-outs).
    package var connectTimeout: Duration = .seconds(15)

    package init(name: String, address: ServerAddress) {
        self.name = name
        self.address = address
    }

    /// The commands that it is never sent.
    package var forbiddenCommands: Set<String> {
        Set(
            quirks.compactMap { quirk in
                if case .lacks(let command) = quirk { command.rawValue } else { nil }
            })
    }

    /// Whether the list version of one sign-in may be offered at the next.
    package var keepsListVersions: Bool { !quirks.contains(.forgetsListVersions) }

    /// Whether it closes a session without a word when the account signs in elsewhere.
    package var displacesSilently: Bool { quirks.contains(.displacesSilently) }

    /// The pause between two commands on one connection, unless the first is answered sooner; nil where none is needed.
    package var pause: Duration? { quirks.contains(.pipelines) ? nil : PacingLimits.pause }

    /// Where an announced address really is.
    package func rewritten(_ address: ServerAddress) -> ServerAddress {
        if let exact = rewrites[FoldedText("\(address)")] { return exact }
        guard var byHost = rewrites[FoldedText(address.host)] else { return address }
        byHost.port = address.port
        return byHost
    }
}
